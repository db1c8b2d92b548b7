package io.fairlead.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The system calls of fairlead, through the C library. Every method answers what the call returned,
 * or the negated errno if it failed, and repeats a call that a signal interrupted. Thread-safe.
 */
final class Libc {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  private static final MethodHandle SOCKET = intCall("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = intCall("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FCHMOD = intCall("fchmod", JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT = intCall("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      intCall("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle LISTEN = intCall("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT4 =
      intCall("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SHUTDOWN = intCall("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      intCall("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      intCall("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SEND = longCall("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV = longCall("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECVMSG = longCall("recvmsg", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle WRITE = longCall("write", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle POLL = intCall("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD = intCall("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle OPEN = intCall("open", ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = intCall("close", JAVA_INT);
  private static final MethodHandle SETNS = intCall("setns", JAVA_INT, JAVA_INT);
  private static final MethodHandle UNSHARE = intCall("unshare", JAVA_INT);
  private static final MethodHandle IOCTL =
      call(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  private Libc() {}

  private static MethodHandle intCall(String name, MemoryLayout... arguments) {
    return call(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle longCall(String name, MemoryLayout... arguments) {
    return call(name, FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  private static MethodHandle call(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    NativeAccess.require();
    MemorySegment symbol =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsupportedOperationException("libc has no " + name));
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = CAPTURE_ERRNO;
    return LINKER.downcallHandle(symbol, descriptor, all);
  }

  private static int result(MemorySegment state, int value) {
    return value < 0 ? -(int) ERRNO.get(state, 0L) : value;
  }

  private static long result(MemorySegment state, long value) {
    return value < 0 ? -(int) ERRNO.get(state, 0L) : value;
  }

  private static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a downcall handle threw", thrown);
  }

  static int socket(int domain, int type, int protocol) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int bind(int descriptor, MemorySegment address, int length) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) BIND.invokeExact(state, descriptor, address, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int fchmod(int descriptor, int mode) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) FCHMOD.invokeExact(state, descriptor, mode));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** Not repeated: of a socket that does not wait, an interrupted call has done its work. */
  static int connect(int descriptor, MemorySegment address, int length) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) CONNECT.invokeExact(state, descriptor, address, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) GETSOCKNAME.invokeExact(state, descriptor, address, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int listen(int descriptor, int backlog) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) LISTEN.invokeExact(state, descriptor, backlog));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int accept(int descriptor, int flags) {
    try {
      MemorySegment state = STATE.get();
      int value;
      do {
        value =
            result(
                state,
                (int)
                    ACCEPT4.invokeExact(
                        state, descriptor, MemorySegment.NULL, MemorySegment.NULL, flags));
      } while (value == -Errno.EINTR);
      return value;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int shutdown(int descriptor, int how) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) SHUTDOWN.invokeExact(state, descriptor, how));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int setsockopt(int descriptor, int level, int name, MemorySegment value, int length) {
    try {
      MemorySegment state = STATE.get();
      return result(
          state, (int) SETSOCKOPT.invokeExact(state, descriptor, level, name, value, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int getsockopt(
      int descriptor, int level, int name, MemorySegment value, MemorySegment length) {
    try {
      MemorySegment state = STATE.get();
      return result(
          state, (int) GETSOCKOPT.invokeExact(state, descriptor, level, name, value, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long send(int descriptor, MemorySegment from, long length, int flags) {
    try {
      MemorySegment state = STATE.get();
      long value;
      do {
        value = result(state, (long) SEND.invokeExact(state, descriptor, from, length, flags));
      } while (value == -Errno.EINTR);
      return value;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long recv(int descriptor, MemorySegment into, long length, int flags) {
    try {
      MemorySegment state = STATE.get();
      long value;
      do {
        value = result(state, (long) RECV.invokeExact(state, descriptor, into, length, flags));
      } while (value == -Errno.EINTR);
      return value;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long recvmsg(int descriptor, MemorySegment header, int flags) {
    try {
      MemorySegment state = STATE.get();
      long value;
      do {
        value = result(state, (long) RECVMSG.invokeExact(state, descriptor, header, flags));
      } while (value == -Errno.EINTR);
      return value;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long write(int descriptor, MemorySegment from, long length) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (long) WRITE.invokeExact(state, descriptor, from, length));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int poll(MemorySegment descriptors, long count, int timeoutMillis) {
    try {
      MemorySegment state = STATE.get();
      int value;
      do {
        value = result(state, (int) POLL.invokeExact(state, descriptors, count, timeoutMillis));
      } while (value == -Errno.EINTR && timeoutMillis < 0);
      return value;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int eventfd(int initial, int flags) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) EVENTFD.invokeExact(state, initial, flags));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code path} ends with a NUL; never creates a file, so the call has no mode. */
  static int open(MemorySegment path, int flags) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) OPEN.invokeExact(state, path, flags));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int close(int descriptor) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) CLOSE.invokeExact(state, descriptor));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int setns(int descriptor, int kind) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) SETNS.invokeExact(state, descriptor, kind));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int unshare(int kinds) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) UNSHARE.invokeExact(state, kinds));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int ioctl(int descriptor, long request, MemorySegment argument) {
    try {
      MemorySegment state = STATE.get();
      return result(state, (int) IOCTL.invokeExact(state, descriptor, request, argument));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }
}
