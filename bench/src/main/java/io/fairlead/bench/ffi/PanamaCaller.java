package io.fairlead.bench.ffi;

import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import java.io.IOException;
import java.util.List;

/** The product's own way: java.lang.foreign behind {@code dataplane.sys}. */
final class PanamaCaller implements NetlinkCaller {

  private final NetlinkDescriptor socket;
  private final NativeBuffer answer = NativeBuffer.allocate(ANSWER_ROOM);
  private List<NativeBuffer> requests = List.of();

  private PanamaCaller(NetlinkDescriptor socket) {
    this.socket = socket;
  }

  static PanamaCaller open(int protocol) throws IOException {
    return new PanamaCaller(NetlinkDescriptor.open(protocol));
  }

  @Override
  public void load(List<byte[]> contents) {
    requests = contents.stream().map(NativeBuffer::copyOf).toList();
  }

  @Override
  public void put(int request, int offset, int value) {
    requests.get(request).putU32(offset, value);
  }

  @Override
  public int exchange(int request) throws IOException {
    NativeBuffer content = requests.get(request);
    socket.send(content, 0, content.capacity());
    int length = socket.receive(answer);
    if (length == 0) {
      throw new IOException("the kernel has not answered");
    }
    return length;
  }

  @Override
  public int u16(int offset) {
    return answer.u16(offset);
  }

  @Override
  public int u32(int offset) {
    return answer.u32(offset);
  }

  @Override
  public void close() {
    socket.close();
  }
}
