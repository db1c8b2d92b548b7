package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import io.fairlead.dataplane.sys.NetlinkObserver;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetlinkObserverKernelTest {

  private static final int RTM_GETLINK = 18;

  /** Writes down the types of messages, by the first in each datagram. */
  private static final class Witness implements NetlinkObserver {

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void sent(NativeBuffer buffer, int offset, int length) {
      seen.add("sent " + buffer.u16(offset + 4) + " of " + length);
    }

    @Override
    public void received(NativeBuffer buffer, int length) {
      seen.add(length == 0 ? "nothing" : "received " + buffer.u16(4));
    }
  }

  @AfterEach
  void stop() {
    NetlinkDescriptor.observe(null);
  }

  @Test
  void everyDatagramIsSeenUntilNobodyLooks() throws Exception {
    Witness witness = new Witness();
    try (TestNamespace namespace = TestNamespace.create("observer");
        NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(NETLINK_ROUTE))) {
      NetlinkDescriptor.observe(witness);
      assertThat(linkTypes(socket)).hasSize(1);
      // A header of 16 bytes and struct ifinfomsg of 16; the loopback device; the end of the dump.
      assertThat(witness.seen).containsExactly("sent 18 of 32", "received 16", "received 3");
      assertThat(socket.receive(_ -> {})).isFalse();
      assertThat(witness.seen).endsWith("nothing").hasSize(4);
      NetlinkDescriptor.observe(null);
      assertThat(linkTypes(socket)).hasSize(1);
      assertThat(witness.seen).hasSize(4);
    }
  }

  private static List<Integer> linkTypes(NetlinkSocket socket) throws Exception {
    return socket.dump("list links", RTM_GETLINK, writer -> writer.zeros(16), NetlinkMessage::type);
  }
}
