package engines

import (
	"bytes"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// writeYAML writes a comment, and documents as a stream of YAML.
func writeYAML(w io.Writer, comment string, documents ...any) error {
	out := bytes.NewBufferString(comment)
	d, err := yaml.NewDumper(out, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		return fmt.Errorf("writing YAML: %w", err)
	}
	for _, document := range documents {
		if err := d.Dump(document); err != nil {
			return fmt.Errorf("writing YAML: %w", err)
		}
	}
	if err := d.Close(); err != nil {
		return fmt.Errorf("writing YAML: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}
