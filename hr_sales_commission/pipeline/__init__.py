"""Between database and engine: loads facts in sets, forecasts, replays, posts. No models."""
