package io.fairlead.dataplane.netlink.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.PodLab;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With packets that rules of a namespace report. */
@Timeout(120)
class PacketLogKernelTest {

  private static final int GROUP = 4711;
  private static final String A = "10.244.1.2";
  private static final String A6 = "fd00:244::2";
  private static final String B = "10.244.1.3";
  private static final String B6 = "fd00:244::3";

  private static final String RULES =
      """
      table inet lab {
        chain forward {
          type filter hook forward priority 10;
          udp dport 9000 meta mark set 0x2a log prefix "fairlead ingress" group 4711 snaplen 128 drop
          udp dport 9001 limit rate 1/day burst 5 packets log prefix "limited" group 4711
          udp dport 9001 drop
          tcp dport 9002 log prefix "fairlead egress" group 4711 snaplen 128 drop
        }
        chain output {
          type filter hook output priority 10;
          udp dport 9003 log prefix "own" group 4711 drop
        }
      }
      """;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final BlockingQueue<LoggedPacket> packets = new LinkedBlockingQueue<>();
  private final AtomicLong lost = new AtomicLong();
  private final Semaphore stopped = new Semaphore(1);
  private PodLab lab;
  private TestNamespace a;
  private DatagramSocket sender;

  private final PacketLog.Listener listener =
      new PacketLog.Listener() {
        @Override
        public void packet(LoggedPacket packet) {
          stopped.acquireUninterruptibly();
          stopped.release();
          packets.add(packet);
        }

        @Override
        public void lost(long count) {
          lost.addAndGet(count);
        }

        @Override
        public void problem(IOException cause) {
          throw new AssertionError(cause);
        }
      };

  @BeforeEach
  void create() throws Exception {
    lab = new PodLab();
    lab.nft(RULES);
    a = lab.host("pod-a", A, A6);
    lab.host("pod-b", B, B6);
    sender = a.call(() -> new DatagramSocket(40000));
  }

  @AfterEach
  void close() {
    sender.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private PacketLog open() throws Exception {
    return lab.node().call(() -> PacketLog.open(GROUP, listener));
  }

  private void send(DatagramSocket from, String to, int port, int length) throws IOException {
    from.send(
        new DatagramPacket(
            new byte[length], length, new InetSocketAddress(InetAddress.ofLiteral(to), port)));
  }

  private LoggedPacket next() throws InterruptedException {
    LoggedPacket packet = packets.poll(20, TimeUnit.SECONDS);
    assertThat(packet).as("a packet within 20 s").isNotNull();
    return packet;
  }

  private int link(String name) {
    String line = lab.node().run("ip", "-o", "link", "show", "dev", name);
    return Integer.parseInt(line.substring(0, line.indexOf(':')));
  }

  @Test
  @DisplayName("a forwarded packet tells its prefix, mark, links and headers, in both families")
  void fields() throws Exception {
    try (PacketLog log = open()) {
      for (String to : new String[] {B, B6}) {
        boolean ipv4 = to.equals(B);
        send(sender, to, 9000, 1000);
        LoggedPacket packet = next();
        assertThat(packet.hardwareProtocol()).isEqualTo(ipv4 ? 0x0800 : 0x86dd);
        assertThat(packet.hook()).isEqualTo(2);
        assertThat(packet.prefix()).isEqualTo("fairlead ingress");
        assertThat(packet.mark()).isEqualTo(0x2a);
        assertThat(packet.in()).isEqualTo(link("pod-a"));
        assertThat(packet.out()).isEqualTo(link("pod-b"));
        assertThat(packet.payload().limit()).isEqualTo(PacketLog.RANGE);
        if (packet.time() != null) {
          assertThat(Duration.between(packet.time(), Instant.now()).abs())
              .isLessThan(Duration.ofMinutes(5));
        }
        assertThat(PacketHeaders.of(packet.payload()))
            .isEqualTo(
                new PacketHeaders(
                    IpAddress.parse(ipv4 ? A : A6), IpAddress.parse(to), 17, 40000, 9000));
      }
      assertThat(log).isNotNull();
    }
    assertThat(lost).hasValue(0);
  }

  @Test
  @DisplayName("a TCP connection that is refused is reported from its first packet")
  void tcp() throws Exception {
    try (PacketLog log = open();
        SocketChannel channel = a.call(SocketChannel::open)) {
      channel.configureBlocking(false);
      assertThat(channel.connect(new InetSocketAddress(InetAddress.ofLiteral(B), 9002))).isFalse();
      LoggedPacket packet = next();
      assertThat(packet.prefix()).isEqualTo("fairlead egress");
      PacketHeaders headers = PacketHeaders.of(packet.payload());
      assertThat(headers.protocol()).isEqualTo(6);
      assertThat(headers.destinationPort()).isEqualTo(9002);
      assertThat(log).isNotNull();
    }
  }

  @Test
  @DisplayName("a packet of the node itself came from no link")
  void own() throws Exception {
    try (PacketLog log = open();
        DatagramSocket own = lab.node().call(() -> new DatagramSocket())) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> send(own, B, 9003, 5));
      LoggedPacket packet = next();
      assertThat(packet.hook()).isEqualTo(3);
      assertThat(packet.in()).isZero();
      assertThat(packet.out()).isEqualTo(link("pod-b"));
      assertThat(packet.payload().limit()).isEqualTo(20 + 8 + 5);
      assertThat(log).isNotNull();
    }
  }

  @Test
  @DisplayName("what a rule's limit keeps back is not reported, and is not lost")
  void limited() throws Exception {
    try (PacketLog log = open()) {
      for (int i = 0; i < 50; i++) {
        send(sender, B, 9001, 5);
      }
      send(sender, B, 9000, 5);
      for (int i = 0; i < 5; i++) {
        assertThat(next().prefix()).isEqualTo("limited");
      }
      assertThat(next().prefix()).as("the last one").isEqualTo("fairlead ingress");
      assertThat(log).isNotNull();
    }
    assertThat(lost).hasValue(0);
  }

  @Test
  @DisplayName("a group has one reader; who comes second hears how to find the first")
  void twoReaders() throws Exception {
    PacketLog first = open();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::open)
        .withMessageContaining("another process reads NFLOG group 4711")
        .withMessageContaining("/proc/net/netfilter/nfnetlink_log");
    send(sender, B, 9000, 5);
    assertThat(next().prefix()).as("the first reads on").isEqualTo("fairlead ingress");
    try (PacketLog other = lab.node().call(() -> PacketLog.open(GROUP + 1, listener))) {
      assertThat(other).isNotNull();
    }
    first.close();
    try (PacketLog second = open()) {
      send(sender, B, 9000, 5);
      assertThat(next().sequence()).as("counted anew").isZero();
      assertThat(second).isNotNull();
    }
  }

  @Test
  @DisplayName("packets that came too fast are counted (faults 11)")
  void overrun() throws Exception {
    int sent = 3000;
    try (PacketLog log = lab.node().call(() -> PacketLog.open(GROUP, 1, listener))) {
      stopped.acquire();
      for (int i = 0; i < sent; i++) {
        send(sender, B, 9000, 100);
      }
      stopped.release();
      long seen = 0;
      // The next packet that is not lost tells of those that were.
      while (seen + lost.get() < sent || lost.get() == 0) {
        if (packets.poll(200, TimeUnit.MILLISECONDS) != null) {
          seen++;
        } else {
          send(sender, B, 9000, 100);
          sent++;
        }
      }
      assertThat(lost).hasPositiveValue();
      assertThat(log).isNotNull();
    }
  }
}
