"""Population, workforce, workload and the gap between them: arrays and frames in, frames out."""
