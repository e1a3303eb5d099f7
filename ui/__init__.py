"""What pages share: texts, formats, colours, charts, exports and components."""
