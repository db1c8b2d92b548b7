package io.fairlead.bench.ffi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** JNR-FFI, with the calls and flags of {@code dataplane.sys.NetlinkDescriptor}. */
final class JnrCaller implements NetlinkCaller {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;

  private final JnrLibc libc;
  private final Runtime runtime;
  private final int socket;
  private final Pointer answer;
  private List<Pointer> requests = List.of();

  private JnrCaller(JnrLibc libc, Runtime runtime, int socket) {
    this.libc = libc;
    this.runtime = runtime;
    this.socket = socket;
    this.answer = Memory.allocateDirect(runtime, ANSWER_ROOM);
  }

  static JnrCaller open(int protocol) throws IOException {
    JnrLibc libc = LibraryLoader.create(JnrLibc.class).load("c");
    Runtime runtime = Runtime.getRuntime(libc);
    int socket = check(runtime, libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    JnrCaller caller = new JnrCaller(libc, runtime, socket);
    // struct sockaddr_nl: family, padding, port 0 for the kernel to choose, groups 0.
    Pointer address = Memory.allocateDirect(runtime, 12, true);
    address.putShort(0, (short) AF_NETLINK);
    check(runtime, libc.bind(socket, address, 12));
    return caller;
  }

  private static int check(Runtime runtime, long result) throws IOException {
    if (result < 0) {
      throw new IOException("a call through JNR-FFI failed with errno " + runtime.getLastError());
    }
    return (int) result;
  }

  @Override
  public void load(List<byte[]> contents) {
    List<Pointer> loaded = new ArrayList<>();
    for (byte[] content : contents) {
      Pointer request = Memory.allocateDirect(runtime, content.length);
      request.put(0, content, 0, content.length);
      loaded.add(request);
    }
    requests = List.copyOf(loaded);
  }

  @Override
  public void put(int request, int offset, int value) {
    requests.get(request).putInt(offset, value);
  }

  @Override
  public int exchange(int request) throws IOException {
    Pointer content = requests.get(request);
    check(runtime, libc.send(socket, content, content.size(), 0));
    return check(runtime, libc.recv(socket, answer, ANSWER_ROOM, MSG_TRUNC | MSG_DONTWAIT));
  }

  @Override
  public int u16(int offset) {
    return answer.getShort(offset) & 0xffff;
  }

  @Override
  public int u32(int offset) {
    return answer.getInt(offset);
  }

  @Override
  public void close() {
    libc.close(socket);
  }
}
