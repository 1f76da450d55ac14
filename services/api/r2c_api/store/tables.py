"""The tables; times are seconds since 1970, records are JSON."""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    parent TEXT,
    batch TEXT,
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    fault TEXT,
    created DOUBLE PRECISION NOT NULL,
    updated DOUBLE PRECISION NOT NULL,
    ended DOUBLE PRECISION,
    not_before DOUBLE PRECISION NOT NULL,
    worker TEXT,
    beat DOUBLE PRECISION,
    attempt INTEGER NOT NULL,
    cancel INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS job_waiting ON job (state, not_before, created);
CREATE INDEX IF NOT EXISTS job_of_tenant ON job (tenant, created);
CREATE INDEX IF NOT EXISTS job_running ON job (tenant, state);
CREATE INDEX IF NOT EXISTS job_of_batch ON job (batch);
CREATE TABLE IF NOT EXISTS event (
    position {serial},
    job TEXT NOT NULL,
    number INTEGER NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    attempt INTEGER NOT NULL,
    state TEXT,
    step TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS event_of_job ON event (job, number);
CREATE TABLE IF NOT EXISTS api_key (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS used (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    tokens BIGINT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, day)
);
CREATE TABLE IF NOT EXISTS audit (
    position {serial},
    at DOUBLE PRECISION NOT NULL,
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    status INTEGER NOT NULL,
    address TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS idempotency (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    subject TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, key)
);
"""
