"""Language models behind one seam: `model.LanguageModel`, and everything that can stand there.

`connect.connect` gives the model that the settings name; `testing.ScriptedModel` stands in for
it in tests. Nothing here is imported eagerly, because the clients behind it are heavy.
"""
