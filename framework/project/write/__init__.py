"""Values -> YAML: settings and examples written back into files that people edit, too."""
