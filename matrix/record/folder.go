package record

// Folder reads into v what is known of a folder of the module cache, in the form that
// PutFolder was given. The key is the SHA-256, in hex, of all that it depends on apart from
// what is in the folder: whether it is still true, the caller finds out. The miss is empty
// for a hit, and the reason otherwise.
func (s *Store) Folder(key string, v any) (miss string) { return s.get("folder", key, v) }

// PutFolder records what is known of a folder of the module cache.
func (s *Store) PutFolder(key string, v any) error { return s.put("folder", key, v) }
