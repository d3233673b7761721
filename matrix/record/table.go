package record

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A table is lists of integers. Most of a recorded trace is one. Parsing it by reflection took
// a good part of the time of a run that recalls everything.
type table [][]int64

// UnmarshalJSON implements json.Unmarshaler. The data is valid JSON.
func (t *table) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	*t = make(table, 0, bytes.Count(data, []byte("[")))
	numbers := make([]int64, 0, bytes.Count(data, []byte(","))+1)
	depth, start := 0, 0 // start: of the list in numbers
	for at := 0; at < len(data); {
		switch c := data[at]; {
		case c == '[':
			if depth++; depth > 2 {
				return errors.New("there are lists of lists of lists where numbers should be")
			}
			start = len(numbers)
		case c == ']':
			if depth == 2 {
				*t = append(*t, numbers[start:len(numbers):len(numbers)])
			}
			depth--
		case c == '-' || c >= '0' && c <= '9':
			end := at + 1
			for end < len(data) && bytes.IndexByte([]byte(",] \t\r\n"), data[end]) < 0 {
				end++
			}
			n, err := strconv.ParseInt(string(data[at:end]), 10, 64)
			if err != nil || depth != 2 {
				return fmt.Errorf("%q is where a list of integers should be", data[at:end])
			}
			numbers = append(numbers, n)
			at = end
			continue
		case c != ',' && c != ' ' && c != '\t' && c != '\r' && c != '\n':
			return fmt.Errorf("%q is where a list of integers should be", data[at:min(at+10, len(data))])
		}
		at++
	}
	return nil
}
