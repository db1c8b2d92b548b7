package io.fairlead.nftables.hostport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpServerChannel;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.BridgeLab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A host port of SCTP, where the kernel has sockets for it: the lab kernel does. */
class HostPortSctpKernelTest {

  @Test
  @DisplayName("An association from outside reaches the pod by both families (pod-network 37)")
  void association() throws Exception {
    try {
      SctpServerChannel.open().close();
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("this machine has no SCTP sockets (module sctp, libsctp1): " + e);
    }
    try (BridgeLab lab = BridgeLab.create();
        NfTablesSocket kernel = lab.node.call(NfTablesSocket::open)) {
      new NftablesHostPorts(
              kernel, new HostPortSettings(BridgeLab.BRIDGE, true), (removed, added) -> {})
          .restore(
              Map.of(
                  new PortOwner("net/c2/eth0", "default/pod-2"),
                  Forwards.of(Protocol.SCTP, 9999, 2)));

      assertThat(answer(lab.pod(2), "10.244.1.2", lab.outside, "192.0.2.2", "192.0.2.1"))
          .isEqualTo("pod");
      assertThat(answer(lab.pod(2), "fd00:244:1::2", lab.outside, "2001:db8::2", "2001:db8::1"))
          .isEqualTo("pod");
    }
  }

  /** What a server in the pod says to who asks the node. Each end has one address alone. */
  private static String answer(
      TestNamespace pod, String address, TestNamespace from, String source, String node)
      throws Exception {
    try (SctpServerChannel server = pod.call(SctpServerChannel::open)) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), BridgeLab.POD_PORT));
      Thread serving =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try (SctpChannel client = server.accept()) {
                  client.send(
                      ByteBuffer.wrap("pod".getBytes(StandardCharsets.UTF_8)),
                      MessageInfo.createOutgoing(null, 0));
                } catch (IOException e) {
                  System.out.println("SCTP server: " + e.getMessage());
                }
              });
      try (SctpChannel client = from.call(SctpChannel::open)) {
        client.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
        client.connect(new InetSocketAddress(InetAddress.ofLiteral(node), 9999));
        ByteBuffer buffer = ByteBuffer.allocate(16);
        client.receive(buffer, null, null);
        serving.join();
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
      }
    }
  }
}
