"""Components that find or change entities without a trained encoder."""
