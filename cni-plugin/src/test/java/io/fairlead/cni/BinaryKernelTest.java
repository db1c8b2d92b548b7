package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.RequestFrame;
import io.fairlead.cni.wire.ResponseFrame;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.sys.UnixConnection;
import io.fairlead.dataplane.sys.UnixListener;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C program, the wire and the service together. */
class BinaryKernelTest {

  private static final String CONFIG = "{\"cniVersion\":\"1.0.0\",\"name\":\"n\"}";

  @TempDir private Path folder;
  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace host;
  private CniService service;
  private UnixListener listener;
  private Thread server;

  @BeforeAll
  static void build() throws Exception {
    Binary.build();
  }

  @BeforeEach
  void open() throws Exception {
    host = TestNamespace.create("host");
    service =
        new CniService(
            AddressPool.open(folder.resolve("state"), "boot"),
            new BridgeNetwork(() -> CniServiceKernelTestBase.openIn(host)),
            RouteSocket::adopt,
            PodAdmission.EVERYBODY,
            List.of(),
            Optional::empty);
    service.configure(
        new CniSettings(
            List.of(Cidr.parse("10.1.0.0/24"), Cidr.parse("fd00:1::/64")),
            new BridgeSettings("fairlead0", 1450)));
    listener = UnixListener.listen(folder.resolve("cni.sock"));
    server = Thread.ofPlatform().start(this::serve);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    server.join();
    listener.release();
    service.close();
    host.close();
    descriptors.assertNoneAdded();
  }

  private void serve() {
    try {
      for (Optional<UnixConnection> next = listener.accept();
          next.isPresent();
          next = listener.accept()) {
        try (UnixConnection connection = next.get()) {
          answer(connection);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(UnixConnection connection) throws IOException {
    byte[] bytes = new byte[RequestFrame.HEADER_LENGTH];
    if (!fill(connection, bytes)) {
      return; // The binary refused before it sent anything.
    }
    RequestFrame frame = RequestFrame.readHeader(ByteBuffer.wrap(bytes));
    byte[] body = new byte[frame.bodyLength()];
    fill(connection, body);
    CniRequest request = frame.readBody(ByteBuffer.wrap(body));
    List<OwnedDescriptor> received = connection.takeDescriptors();
    try {
      assertThat(received).hasSize(frame.descriptorCount());
      connection.write(ResponseFrame.write(service.handle(request, received)));
    } finally {
      received.forEach(OwnedDescriptor::close);
    }
  }

  private static boolean fill(UnixConnection connection, byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      int length = connection.read(bytes, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private Binary.Outcome run(String command, String container, String namespace) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", container);
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_NETNS", namespace);
    environment.put("FAIRLEAD_CNI_SOCKET", folder.resolve("cni.sock").toString());
    return Binary.run(environment, CONFIG.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertFailed(Binary.Outcome outcome, int code, String sentence)
      throws IOException {
    JsonNode error = new ObjectMapper().readTree(outcome.stdout());
    assertThat(error.path("code").asInt()).as(outcome.stdout()).isEqualTo(code);
    assertThat(error.path("msg").asText()).contains(sentence);
    assertThat(outcome.exit()).isEqualTo(1);
  }

  @Test
  void podsAreAttachedReachEachOtherAndGo() throws Exception {
    List<TestNamespace> pods = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        TestNamespace pod = TestNamespace.create("pod" + i);
        pods.add(pod);
        Binary.Outcome outcome = run("ADD", "c" + i, pod.namespace().path().toString());
        assertThat(outcome.exit()).as(outcome.stdout()).isZero();
        assertThat(outcome.stdout()).contains("\"address\":\"10.1.0." + (2 + i) + "/24\"");
      }
      pods.getFirst().run("ping", "-c1", "-W2", "10.1.0.4");
      pods.getLast().run("ping", "-c1", "-W2", "fd00:1::2");
      for (int i = 0; i < 3; i++) {
        assertThat(run("DEL", "c" + i, "").exit()).isZero();
      }
      assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
      assertThat(host.run("ip", "-br", "link", "show", "type", "veth")).isEmpty();
      assertThat(service.attachments()).isEmpty();
    } finally {
      pods.forEach(TestNamespace::close);
    }
  }

  @Test
  @DisplayName("no wait for address detection and no foreign routers in the pod (pod-network 36)")
  void sysctls() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod")) {
      assertThat(run("ADD", "a", pod.namespace().path().toString()).exit()).isZero();
      for (String name : List.of("all.accept_dad", "eth0.accept_dad", "eth0.accept_ra")) {
        assertThat(pod.run("sysctl", "-n", "net.ipv6.conf." + name).strip()).isEqualTo("0");
      }
      assertThat(pod.run("ip", "-6", "addr", "show", "tentative")).isEmpty();
      assertThat(pod.run("ip", "-6", "addr", "show", "eth0")).contains("fd00:1::2", "fe80::");
      String path = pod.namespace().path().toString();
      assertFailed(run("ADD", "b", path), 100, "already has an interface eth0");
    }
  }

  @Test
  @DisplayName(
      "IPv6 that is disabled in the pod is enabled there for its addresses (pod-network 36)")
  void ipv6Disabled() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod")) {
      pod.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
      assertThat(run("ADD", "a", pod.namespace().path().toString()).exit()).isZero();
      assertThat(pod.run("ip", "-6", "addr", "show", "eth0")).contains("fd00:1::2");
      assertThat(pod.run("ip", "-6", "addr", "show", "lo")).contains("::1");
      pod.run("ping", "-c1", "-W2", "fd00:1::1");
    }
  }

  @Test
  @DisplayName("routers that advertise themselves on the bridge are not believed (pod-network 36)")
  void routerAdvertisement() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod")) {
      assertThat(run("ADD", "a", pod.namespace().path().toString()).exit()).isZero();
      String before = pod.run("ip", "-6", "route");
      String advertise =
          "import socket,struct;"
              + "s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,58);"
              + "s.setsockopt(41,socket.IPV6_MULTICAST_HOPS,255);"
              + "s.setsockopt(41,socket.IPV6_MULTICAST_IF,socket.if_nametoindex('fairlead0'));"
              + "p=bytes([3,4,64,0xc0])+struct.pack('>III',9000,9000,0)"
              + "+socket.inet_pton(socket.AF_INET6,'2001:db8:bad::');"
              + "s.sendto(bytes([134,0,0,0,64,0])+struct.pack('>HII',9000,0,0)+p,"
              + "('ff02::1%fairlead0',0))";
      long received = advertisements(pod);
      host.run("python3", "-c", advertise);
      for (int i = 0; i < 100 && advertisements(pod) == received; i++) {
        Thread.sleep(20);
      }
      assertThat(advertisements(pod)).as("it did arrive").isGreaterThan(received);
      assertThat(pod.run("ip", "-6", "addr", "show", "eth0")).doesNotContain("2001:db8:bad");
      assertThat(pod.run("ip", "-6", "route")).isEqualTo(before);
    }
  }

  /** How many router advertisements the pod was sent. */
  private static long advertisements(TestNamespace pod) {
    return pod.run("cat", "/proc/net/snmp6")
        .lines()
        .filter(line -> line.startsWith("Icmp6InRouterAdvertisements"))
        .mapToLong(line -> Long.parseLong(line.replaceFirst("\\S+\\s+", "").strip()))
        .sum();
  }

  @Test
  @DisplayName("the host's own namespace is refused (pod-network 6)")
  void hostNamespace() throws Exception {
    try (NetworkNamespace own = NetworkNamespace.current()) {
      assertFailed(run("ADD", "a", own.path().toString()), 4, "the host's own network namespace");
    }
    assertThat(service.attachments()).isEmpty();
  }

  @Test
  @DisplayName("a namespace that is missing, or is none; DEL does not mind (pod-network 3)")
  void missingNamespace() throws Exception {
    assertFailed(run("ADD", "a", "/run/netns/none"), 4, "No such file");
    assertFailed(run("ADD", "a", "/etc/passwd"), 4, "cannot enter");
    assertFailed(run("ADD", "a", ""), 4, "needs CNI_NETNS");
    assertThat(run("DEL", "a", "/run/netns/none").exit()).isZero();
  }

  @Test
  @DisplayName("DEL with the path of a namespace that another pod has now (pod-network 3)")
  void reusedPath() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod")) {
      String path = pod.namespace().path().toString();
      assertThat(run("ADD", "second", path).exit()).isZero();
      assertThat(run("DEL", "first", path).exit()).isZero();
      assertThat(pod.run("ip", "addr", "show", "eth0")).contains("10.1.0.2/24");
    }
  }
}
