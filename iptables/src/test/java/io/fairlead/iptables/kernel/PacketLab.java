package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client (192.0.2.2) that reaches a Service (10.96.0.80:80) through the node (10.244.1.1), behind
 * which a pod (10.244.1.2:8080) answers with the address that it was asked from.
 */
final class PacketLab implements AutoCloseable {

  private static final int MARK = 0x4000;

  private final TestNamespace client = TestNamespace.create("client");
  private final TestNamespace pod = TestNamespace.create("pod");
  private final ServerSocket server;

  private PacketLab(TestNamespace node) throws Exception {
    connect(node, client, "client", "192.0.2.1/24", "192.0.2.2/24");
    connect(node, pod, "pod", "10.244.1.1/24", "10.244.1.2/24");
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    client.run("ip", "route", "add", "default", "via", "192.0.2.1");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
    server = pod.call(() -> new ServerSocket(8080));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  static PacketLab create(TestNamespace node) throws Exception {
    return new PacketLab(node);
  }

  private static void connect(
      TestNamespace node, TestNamespace other, String device, String near, String far) {
    String peer = other.namespace().path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "addr", "add", near, "dev", device);
    node.run("ip", "link", "set", device, "up");
    other.run("ip", "addr", "add", far, "dev", "eth0");
    other.run("ip", "link", "set", "eth0", "up");
  }

  private void serve() {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          String from = socket.getInetAddress().getHostAddress();
          socket.getOutputStream().write(from.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new AssertionError(e);
      }
    }
  }

  /** Who the pod was asked by, or null if nobody answers. */
  @Nullable String ask() throws Exception {
    return client.call(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("10.96.0.80", 80), 2_000);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (SocketTimeoutException | SocketException e) {
        return null; // Silence, or an answer that there is no way.
      }
    });
  }

  private static List<IptablesRule> service(boolean marked) {
    IptablesRule mark = IptablesRule.of(new Target.MarkOr(MARK), new Match.Comment("default/web"));
    IptablesRule translate =
        IptablesRule.of(
            new Target.DestinationNat(new EndpointAddress(IpAddress.parse("10.244.1.2"), 8080)),
            new Match.ProtocolIs(Protocol.TCP));
    return marked ? List.of(mark, translate) : List.of(translate);
  }

  static XtablesChange services() {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    chains.put("FAIRLEAD-SVC", service(true));
    chains.put(
        "FAIRLEAD-SERVICES",
        List.of(
            IptablesRule.of(
                new Target.GoTo("FAIRLEAD-SVC"),
                new Match.Destination(Cidr.parse("10.96.0.80/32"), false),
                new Match.ProtocolIs(Protocol.TCP),
                new Match.DestinationPort(80))));
    chains.put(
        "FAIRLEAD-POSTROUTING",
        List.of(
            IptablesRule.of(new Target.Return(), new Match.Mark(MARK, MARK, true)),
            IptablesRule.of(new Target.MarkXor(MARK)),
            IptablesRule.of(new Target.Masquerade(true))));
    IptablesRule toServices = IptablesRule.of(new Target.Jump("FAIRLEAD-SERVICES"));
    IptablesRule toMasquerade = IptablesRule.of(new Target.Jump("FAIRLEAD-POSTROUTING"));
    return new XtablesChange(
        chains,
        List.of(),
        List.of(
            new BuiltInJump("PREROUTING", toServices, true),
            new BuiltInJump("POSTROUTING", toMasquerade, true)),
        List.of());
  }

  static XtablesChange withoutMark() {
    return XtablesChange.ofChains(Map.of("FAIRLEAD-SVC", service(false)));
  }

  @Override
  public void close() throws IOException {
    server.close();
    client.close();
    pod.close();
  }
}
