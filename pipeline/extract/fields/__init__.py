"""Field groups: one module per group, each with one public object `FIELD` (see `candidates.FieldGroup`)."""
