package report

import "reflect"

// withLists copies a value. In the copy, lists that are nil are empty, which JSON writes
// as [] and not as null.
func withLists[T any](v T) T { return filled(reflect.ValueOf(v)).Interface().(T) }

// filled implements withLists.
func filled(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(filled(v.Elem()))
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(filled(v.Field(i)))
			}
		}
		return out
	default:
		return v
	}
}

// listed copies a list, and returns an empty one for nil, which JSON writes as [].
func listed[T any](items []T) []T { return append(make([]T, 0, len(items)), items...) }
