-- What a month has cost is summed when it rings: along the calls that cost something, and without touching them.
CREATE INDEX calls_charged ON calls (business_id, started_at) INCLUDE (seconds_charged) WHERE seconds_charged > 0;
