package io.fairlead.bench.ffi;

import jnr.ffi.Pointer;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library as JNR-FFI is told of it: it makes a class that implements this. Each method keeps
 * errno, which is JNR-FFI's default. Public because that class is in a package of its own.
 */
public interface JnrLibc {

  int socket(int domain, int type, int protocol);

  int bind(int descriptor, Pointer address, int length);

  @ssize_t
  long send(int descriptor, Pointer from, @size_t long length, int flags);

  @ssize_t
  long recv(int descriptor, Pointer into, @size_t long length, int flags);

  int close(int descriptor);
}
