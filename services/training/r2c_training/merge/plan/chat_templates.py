"""Chat templates by the names that mergekit's recipes give them, as Jinja that transformers reads.

The forms are those of the models that brought them up: ChatML, Stanford Alpaca, EXAONE, Llama 3 and
Mistral. mergekit 0.1.5 makes the same of a conversation, but for line breaks and blanks: its files
for EXAONE and Llama 3 put some between messages, where these models were trained on none, and its
Alpaca has none before the response that is asked for.
"""

from __future__ import annotations

_CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_ALPACA = (
    "{% set titles = {'user': 'Instruction', 'assistant': 'Response', 'user_context': 'Input'} %}"
    "{% set told = messages | selectattr('role', 'equalto', 'system') | list %}"
    "{{ told[-1]['content'] | trim if told }}\n\n"
    "{% for message in messages if message['role'] in titles %}"
    "### {{ titles[message['role']] }}:\n{{ message['content'] | trim }}"
    "{{ '' if message is sameas messages[-1] else '\n\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt and messages[-1]['role'] != 'assistant' %}"
    "{{ '\n\n' }}### Response:\n{% endif %}"
)
_EXAONE = (
    "{% if messages and messages[0]['role'] != 'system' %}[|system|][|endofturn|]\n{% endif %}"
    "{% for message in messages %}[|{{ message['role'] }}|]{{ message['content'] }}"
    "{{ '\n' if message['role'] == 'user' else '[|endofturn|]\n' }}{% endfor %}"
    "{% if add_generation_prompt %}[|assistant|]{% endif %}"
)
_LLAMA3 = (
    "{% for message in messages %}{{ bos_token if loop.first }}"
    "<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
    "{{ message['content'] | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"
    "{% endif %}"
)
_MISTRAL = (
    "{% set start = 1 if messages[0]['role'] == 'system' else 0 %}{{ bos_token }}"
    "{% for message in messages[start:] %}"
    "{% if message['role'] not in ['user', 'assistant'] %}"
    "{{ raise_exception('A conversation has users and assistants, and at most one system message, "
    "the first.') }}{% endif %}"
    "{% if (message['role'] == 'user') != (loop.index0 is even) %}"
    "{{ raise_exception('Users and assistants speak in turn, a user first.') }}{% endif %}"
    "{% if message['role'] == 'user' %} [INST] "
    "{{ messages[0]['content'] + '\n\n' if loop.first and start }}{{ message['content'] }} [/INST]"
    "{% else %} {{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)
TEMPLATES = {
    "alpaca": _ALPACA,
    "chatml": _CHATML,
    "exaone": _EXAONE,
    "llama3": _LLAMA3,
    "mistral": _MISTRAL,
}
