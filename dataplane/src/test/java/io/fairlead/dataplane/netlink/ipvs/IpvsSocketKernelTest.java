package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_GENERIC;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.mark;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.persistent;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.real;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.realId;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.server;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.tcp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IpvsSocketKernelTest {

  private static final int SERVERS = 2500;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private IpvsNamespace lab;
  private TestNamespace namespace;
  private IpvsSocket ipvs;

  @BeforeEach
  void open() throws Exception {
    lab = IpvsNamespace.create();
    namespace = lab.namespace();
    ipvs = lab.ipvs();
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
    descriptors.assertNoneAdded();
  }

  private static VirtualServerId numbered(int number) {
    return new VirtualServerId.ByAddress(
        Protocol.TCP, new Ipv4Address(0x0a600000).plus(number), 80);
  }

  @Test
  @DisplayName("of thousands of operations sent at once, those that fail are found, in order")
  void failuresAmongThousandsAreFound() throws Exception {
    List<IpvsOperation> operations = new ArrayList<>();
    List<IpvsOperation> wrong = new ArrayList<>();
    Set<VirtualServerId> wanted = new TreeSet<>();
    for (int i = 0; i < SERVERS; i++) {
      VirtualServerId id = numbered(i);
      wanted.add(id);
      operations.add(new IpvsOperation.AddVirtualServer(server(id, "rr")));
      operations.add(new IpvsOperation.AddRealServer(id, real("10.244.1.1", 8080, 1)));
      if (i % 97 == 0) {
        wrong.add(new IpvsOperation.AddVirtualServer(server(id, "wrr")));
        operations.add(wrong.getLast());
      }
      operations.add(new IpvsOperation.AddRealServer(id, real("10.244.1.2", 8080, 1)));
      if (i % 89 == 0) {
        wrong.add(new IpvsOperation.DeleteRealServer(id, realId("10.244.1.3", i)));
        operations.add(wrong.getLast());
      }
    }
    wrong.add(new IpvsOperation.DeleteVirtualServer(numbered(SERVERS)));
    operations.add(wrong.getLast());
    assertThat(ipvs.apply(operations))
        .extracting(IpvsKernel.Failure::operation)
        .containsExactlyElementsOf(wrong);
    assertThat(ipvs.virtualServers())
        .hasSize(SERVERS)
        .allSatisfy(each -> assertThat(wanted).contains(each.server().id()));
    for (VirtualServerId id : wanted) {
      assertThat(ipvs.realServers(id)).extracting(each -> each.server().id()).hasSize(2);
    }
  }

  @Test
  @DisplayName("thousands of operations that all fail are all found")
  void thousandsOfFailuresAreFound() throws Exception {
    List<IpvsOperation> operations = new ArrayList<>();
    for (int i = 0; i < 2 * SERVERS; i++) {
      operations.add(new IpvsOperation.DeleteVirtualServer(numbered(i)));
    }
    List<IpvsKernel.Failure> failures = ipvs.apply(operations);
    assertThat(failures)
        .extracting(IpvsKernel.Failure::operation)
        .containsExactlyElementsOf(operations);
    assertThat(failures)
        .allSatisfy(failure -> {
          assertThat(failure.cause().errno()).isEqualTo(Errno.ESRCH);
          assertThat(failure.cause()).hasMessageStartingWith(failure.operation() + ": ");
        });
  }

  @Test
  void oneFailureIsFoundWhereverItIs() throws Exception {
    VirtualServerId id = numbered(1);
    ipvs.apply(List.of(new IpvsOperation.AddVirtualServer(server(id, "rr"))));
    IpvsOperation wrong = new IpvsOperation.DeleteVirtualServer(numbered(2));
    for (int place = 0; place < 4; place++) {
      List<IpvsOperation> operations = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        operations.add(new IpvsOperation.AddRealServer(id, real("10.244.1." + i, 8000 + place, 1)));
      }
      operations.add(place, wrong);
      assertThat(ipvs.apply(operations))
          .extracting(IpvsKernel.Failure::operation)
          .containsExactly(wrong);
    }
    assertThat(ipvs.realServers(id)).hasSize(12);
  }

  @Test
  void whatIpvsadmMadeIsRead() throws Exception {
    namespace.run("ipvsadm", "-A", "-t", "10.96.0.10:53", "-s", "wrr");
    namespace.run("ipvsadm", "-A", "-u", "10.96.0.10:53", "-s", "rr", "-o");
    namespace.run("ipvsadm", "-A", "--sctp-service", "10.96.0.11:5000", "-s", "wlc", "-p", "600");
    namespace.run(
        "ipvsadm",
        "-A",
        "-t",
        "[fd00:96::a]:443",
        "-s",
        "mh",
        "-b",
        "mh-fallback",
        "-p",
        "60",
        "-M",
        "64");
    namespace.run("ipvsadm", "-A", "-f", "1174405121", "-s", "sh", "-b", "sh-port,flag-3");
    namespace.run("ipvsadm", "-A", "-f", "7", "-6", "-s", "rr", "-p", "60");
    namespace.run("ipvsadm", "-a", "-t", "10.96.0.10:53", "-r", "10.244.1.1:5353", "-m", "-w", "0");
    namespace.run(
        "ipvsadm", "-a", "-t", "10.96.0.10:53", "-r", "10.244.1.2:53", "-i", "-x", "9", "-y", "8");
    namespace.run(
        "ipvsadm", "-a", "-t", "[fd00:96::a]:443", "-r", "[fd00:244::1]:443", "-m", "-w", "5");
    assertThat(ipvs.virtualServers().stream().map(each -> each.server().toString()))
        .containsExactlyInAnyOrder(
            "10.96.0.10:53/tcp wrr",
            "10.96.0.10:53/udp rr -o",
            "10.96.0.11:5000/sctp wlc -p 600",
            "[fd00:96::a]:443/tcp mh -b mh-fallback -p 60 -M 64",
            "mark 0x46000001 (IPv4) sh -b sh-port,flag-3",
            "mark 0x7 (IPv6) rr -p 60");
    assertThat(ipvs.realServers(tcp("10.96.0.10", 53)).stream().map(RealServerStatus::server))
        .map(Object::toString)
        .containsExactlyInAnyOrder(
            "10.244.1.1:5353 weight 0", "10.244.1.2:53 weight 1 tunnel -x 9 -y 8");
    assertThat(ipvs.realServers(tcp("fd00:96::a", 443)).getFirst().server())
        .isEqualTo(real("fd00:244::1", 443, 5));
  }

  @Test
  void whatWeMakeIsSavedByIpvsadm() throws Exception {
    VirtualServerId dns = udp("10.96.0.10", 53);
    VirtualServerId web = tcp("fd00:96::a", 443);
    VirtualServerId marked = mark(AddressFamily.IPV4, 0x46000001);
    assertThat(
            ipvs.apply(
                List.of(
                    new IpvsOperation.AddVirtualServer(server(dns, "rr")),
                    new IpvsOperation.AddRealServer(dns, real("10.244.1.1", 5353, 0)),
                    new IpvsOperation.AddVirtualServer(
                        persistent(web, "mh", 10800, SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2)),
                    new IpvsOperation.AddRealServer(web, real("fd00:244::1", 8443, 100)),
                    new IpvsOperation.AddVirtualServer(persistent(marked, "sh", 60)),
                    new IpvsOperation.AddRealServer(
                        marked, real("10.244.1.1", 0, 1, ForwardingMethod.DIRECT_ROUTING)))))
        .isEmpty();
    assertThat(namespace.run("ipvsadm-save", "-n").lines().map(String::strip))
        .containsExactlyInAnyOrder(
            "-A -u 10.96.0.10:53 -s rr",
            "-a -u 10.96.0.10:53 -r 10.244.1.1:5353 -m -w 0",
            "-A -t [fd00:96::a]:443 -s mh -p 10800 -b mh-fallback,mh-port",
            "-a -t [fd00:96::a]:443 -r [fd00:244::1]:8443 -m -w 100",
            "-A -f 1174405121 -s sh -p 60",
            "-a -f 1174405121 -r 10.244.1.1:0 -g -w 1");
    ipvs.timeouts(new IpvsTimeouts(1000, 0, 50));
    assertThat(namespace.run("ipvsadm", "-L", "--timeout")).contains("1000 120 50");
  }

  @Test
  void aChangeClearsWhatOthersSet() throws Exception {
    VirtualServerId dns = udp("10.96.0.10", 53);
    namespace.run(
        "ipvsadm",
        "-A",
        "-u",
        "10.96.0.10:53",
        "-s",
        "rr",
        "-o",
        "-p",
        "60",
        "-M",
        "255.255.255.0",
        "-b",
        "flag-3");
    namespace.run(
        "ipvsadm", "-a", "-u", "10.96.0.10:53", "-r", "10.244.1.1:53", "-m", "-x", "9", "-y", "8");
    assertThat(
            ipvs.apply(
                List.of(
                    new IpvsOperation.ChangeVirtualServer(persistent(dns, "rr", 60)),
                    new IpvsOperation.ChangeRealServer(dns, real("10.244.1.1", 53, 1)))))
        .isEmpty();
    assertThat(ipvs.virtualServers().getFirst().server()).isEqualTo(persistent(dns, "rr", 60));
    assertThat(ipvs.realServers(dns).getFirst().server()).isEqualTo(real("10.244.1.1", 53, 1));
  }

  @Test
  void connectionsAreCounted() throws Exception {
    namespace.run("ip", "addr", "add", "10.96.0.13/32", "dev", "lo");
    namespace.run("ip", "addr", "add", "10.244.1.4/32", "dev", "lo");
    VirtualServerId web = tcp("10.96.0.13", 80);
    RealServer real = real("10.244.1.4", 8080, 1);
    ipvs.apply(
        List.of(
            new IpvsOperation.AddVirtualServer(server(web, "rr")),
            new IpvsOperation.AddRealServer(web, real)));
    namespace.call(() -> {
      try (ServerSocket listener = new ServerSocket(8080, 1, InetAddress.ofLiteral("10.244.1.4"));
          Socket client = new Socket()) {
        client.connect(new InetSocketAddress(InetAddress.ofLiteral("10.96.0.13"), 80), 5000);
        client.setSoTimeout(5000);
        try (Socket served = listener.accept()) {
          served.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
          assertThat(client.getInputStream().readNBytes(5)).hasSize(5);
          RealServerStatus status = ipvs.realServers(web).getFirst();
          assertThat(status.server()).isEqualTo(real);
          assertThat(status.activeConnections()).isEqualTo(1);
          assertThat(status.inactiveConnections()).isZero();
        }
      }
      return null;
    });
    IpvsStatistics counted = counted(() -> ipvs.realServers(web).getFirst().statistics());
    assertThat(counted.connections()).isEqualTo(1);
    assertThat(counted.incomingPackets()).isGreaterThanOrEqualTo(3);
    assertThat(counted.outgoingPackets()).isGreaterThanOrEqualTo(2);
    assertThat(counted.outgoingBytes()).isGreaterThan(100);
    assertThat(counted(() -> ipvs.virtualServers().getFirst().statistics()).connections())
        .isEqualTo(1);
  }

  /** Statistics once there are any: new kernels count every 2 seconds only. */
  private static IpvsStatistics counted(Callable<IpvsStatistics> read) throws Exception {
    Instant deadline = Instant.now().plusSeconds(20);
    while (true) {
      IpvsStatistics statistics = read.call();
      if (statistics.outgoingBytes() > 0 || Instant.now().isAfter(deadline)) {
        return statistics;
      }
      Thread.sleep(50);
    }
  }

  @Test
  @DisplayName("IPVS that was unloaded and loaded meanwhile, with another number, is found again")
  void anOutdatedFamilyIsRenewed() throws Exception {
    NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(NETLINK_GENERIC));
    GenericFamily outdated = new GenericFamily("IPVS", 0x3fff, 1, 0, new TreeMap<>());
    try (IpvsSocket other = new IpvsSocket(socket, outdated)) {
      IpvsOperation add = new IpvsOperation.AddVirtualServer(server(numbered(1), "rr"));
      assertThat(other.apply(List.of(add)))
          .singleElement()
          .satisfies(failure -> assertThat(failure.cause().errno()).isEqualTo(Errno.ENOENT));
      assertThat(other.virtualServers()).isEmpty();
      assertThat(other.apply(List.of(add))).isEmpty();
      assertThat(ipvs.virtualServers()).hasSize(1);
    }
  }

  @Test
  @DisplayName("a dropped acknowledgement is reported as lost, and later ones count (services 46)")
  void lostAcknowledgementsAreReported() throws Exception {
    NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(NETLINK_GENERIC));
    GenericFamily family = GenericFamily.resolve(socket, "IPVS", "ip_vs");
    try (IpvsSocket other = new IpvsSocket(socket, family)) {
      fill(socket, family);
      IpvsOperation add = new IpvsOperation.AddVirtualServer(server(numbered(1), "rr"));
      assertThatExceptionOfType(NetlinkException.class)
          .isThrownBy(() -> other.apply(List.of(add)))
          .matches(NetlinkException::isLost)
          .withMessageStartingWith("apply 1 IPVS operations: ENOBUFS");
      assertThat(ipvs.virtualServers()).as("it took effect, unseen").hasSize(1);
      assertThat(other.apply(List.of(add)))
          .singleElement()
          .satisfies(failure -> assertThat(failure.cause().isExisting()).isTrue());
    }
  }

  /** Leaves refusals unread until the socket has no room for more. */
  private static void fill(NetlinkSocket socket, GenericFamily family) throws Exception {
    MessageWriter unread = new MessageWriter();
    IpvsOperation refused = new IpvsOperation.DeleteVirtualServer(numbered(2));
    for (int i = 0; i < 1000; i++) {
      unread.begin(family.id(), NLM_F_REQUEST, socket.nextSequence());
      IpvsMessages.write(unread, family, refused);
      unread.end();
    }
    for (int i = 0; i < 60; i++) {
      socket.send(unread);
    }
  }

  @Test
  void daemonsOfOthersAreSeen() throws Exception {
    namespace.run(
        "ipvsadm", "--start-daemon", "master", "--mcast-interface", "lo", "--syncid", "7");
    namespace.run(
        "ipvsadm", "--start-daemon", "backup", "--mcast-interface", "lo", "--syncid", "8");
    assertThat(ipvs.daemons())
        .containsExactlyInAnyOrder(
            new SyncDaemon(SyncDaemon.Role.MASTER, "lo", 7),
            new SyncDaemon(SyncDaemon.Role.BACKUP, "lo", 8));
    namespace.run("ipvsadm", "--stop-daemon", "master");
    namespace.run("ipvsadm", "--stop-daemon", "backup");
    assertThat(ipvs.daemons()).isEmpty();
  }

  @Test
  void namespacesKeepApart() throws Exception {
    ipvs.apply(List.of(new IpvsOperation.AddVirtualServer(server(numbered(1), "rr"))));
    try (IpvsNamespace other = IpvsNamespace.create()) {
      assertThat(other.ipvs().virtualServers()).isEmpty();
    }
    assertThat(ipvs.virtualServers()).hasSize(1);
  }
}
