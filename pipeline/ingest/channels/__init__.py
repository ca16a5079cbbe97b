"""Ways in: each module here is one channel. See `pipeline/ingest/channel.py` for what it promises."""
