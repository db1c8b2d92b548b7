package io.fairlead.dataplane.policy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.testing.Conversation;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.PodLab;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With connections between namespaces, rules written by hand, and a judge that agrees with them.
 */
@Timeout(120)
class ConnectionCutsKernelTest {

  private static final String A = "10.244.1.2";
  private static final String A6 = "fd00:244::2";
  private static final String B = "10.244.1.3";
  private static final String B6 = "fd00:244::3";
  private static final String OUTSIDE = "10.9.0.1";
  private static final String OUTSIDE6 = "fd00:9::1";

  /** What is denied goes to chain "judged"; connections that the kernel knows never come there. */
  private static final String RULES =
      """
      table inet lab {
        counter denied {}
        set cut-ipv4 { typeof ip saddr . th sport . ip daddr . th dport . meta l4proto; }
        set cut-ipv6 { typeof ip6 saddr . th sport . ip6 daddr . th dport . meta l4proto; }
        chain judged {
        }
        chain forward {
          type filter hook forward priority 10;
          ct state established,related accept
          ip saddr . th sport . ip daddr . th dport . meta l4proto @cut-ipv4 drop
          ip6 saddr . th sport . ip6 daddr . th dport . meta l4proto @cut-ipv6 drop
          jump judged
        }
        chain services {
          type nat hook prerouting priority -100;
          ip daddr 10.96.0.10 meta l4proto { tcp, udp } th dport 80 dnat ip to 10.244.1.3:8080
          ip6 daddr fd00:96::10 meta l4proto { tcp, udp } th dport 80 dnat ip6 to [fd00:244::3]:8180
        }
        chain masqueraded {
          type nat hook postrouting priority 100;
          ip saddr 10.9.0.1 masquerade
          ip6 saddr fd00:9::1 masquerade
        }
      }
      """;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final BlockingQueue<CutReport> reports = new LinkedBlockingQueue<>();
  private final List<Conversation> open = new ArrayList<>();
  private Predicate<Flow> denied = _ -> false;
  private PodLab lab;
  private TestNamespace a;
  private TestNamespace b;
  private TestNamespace outside;
  private ConntrackSocket conntrack;
  private ConnectionCuts cuts;

  @BeforeEach
  void create() throws Exception {
    lab = new PodLab();
    lab.nft(RULES);
    a = lab.host("pod-a", A, A6);
    b = lab.host("pod-b", B, B6);
    outside = lab.host("outside", OUTSIDE, OUTSIDE6);
    conntrack = lab.node().call(ConntrackSocket::open);
    ConnectionCuts.Listener listener =
        new ConnectionCuts.Listener() {
          @Override
          public void passed(CutReport report) {
            reports.add(report);
          }

          @Override
          public void failed(IOException cause) {
            throw new AssertionError(cause);
          }
        };
    cuts = lab.node().call(() -> ConnectionCuts.open(this::judge, new Answers(), listener));
  }

  private CompletableFuture<Set<Flow>> judge(Set<Flow> flows) {
    return CompletableFuture.supplyAsync(
        () -> flows.stream().filter(denied).collect(Collectors.toSet()));
  }

  /** As rules of the table that is written by hand. */
  private final class Answers implements CutAnswers {

    @Override
    public void refuse(Collection<ConntrackTuple> answers) throws IOException {
      StringBuilder script = new StringBuilder();
      for (ConntrackTuple answer : answers) {
        Ports ports = (Ports) answer.key();
        script.append(
            "add element inet lab cut-%s { %s . %d . %s . %d . %d }\n"
                .formatted(
                    answer.family().name().toLowerCase(Locale.ROOT),
                    answer.source(),
                    ports.source(),
                    answer.destination(),
                    ports.destination(),
                    answer.protocol()));
      }
      lab.nft(script.toString());
    }

    @Override
    public Set<ConntrackTuple> refused() {
      throw new AssertionError("nothing is allowed again");
    }

    @Override
    public void pass(Collection<ConntrackTuple> answers) {
      throw new AssertionError("nothing is allowed again");
    }
  }

  @AfterEach
  void close() throws Exception {
    cuts.close();
    conntrack.close();
    for (Conversation conversation : open) {
      conversation.close();
    }
    lab.close();
    descriptors.assertNoneAdded();
  }

  private Conversation tcp(TestNamespace client, String to, int port, int serverPort)
      throws Exception {
    Conversation opened = Conversation.tcp(client, to, port, b, serverPort);
    open.add(opened);
    return opened;
  }

  private Conversation udp(TestNamespace client, String to, int port, int serverPort)
      throws Exception {
    Conversation opened = Conversation.udp(client, to, port, b, serverPort);
    open.add(opened);
    return opened;
  }

  private Set<Integer> entries(Predicate<ConntrackEntry> wanted) throws IOException {
    Set<Integer> ids = new HashSet<>();
    conntrack.dump(
        ConntrackFilter.ALL,
        entry -> {
          if (wanted.test(entry)) {
            ids.add(entry.id());
          }
        });
    return ids;
  }

  private CutReport judgeAgain(String... addresses) throws InterruptedException {
    cuts.judgeAgain(List.of(addresses).stream().map(IpAddress::parse).toList());
    CutReport report = reports.poll(20, TimeUnit.SECONDS);
    assertThat(report).as("a pass within 20 s").isNotNull();
    return report;
  }

  /** The client goes on sending, the rules see it begin anew, and the server hears nothing. */
  private void assertCut(Conversation conversation) throws Exception {
    long before = lab.packets("lab", "denied");
    conversation.clientSays(9);
    while (lab.packets("lab", "denied") == before) {
      assertThat(conversation.serverHears(20)).isEqualTo(Conversation.SILENCE);
    }
    assertThat(conversation.serverHears(50)).isEqualTo(Conversation.SILENCE);
  }

  private static boolean isTo(Flow flow, String address, int port) {
    return flow.destination().equals(IpAddress.parse(address)) && flow.destinationPort() == port;
  }

  @Test
  @DisplayName("a denied connection ends, whatever way it takes; all others go on (faults 30)")
  void cut() throws Exception {
    List<Conversation> bad = new ArrayList<>();
    List<Conversation> good = new ArrayList<>();
    for (String to : List.of(B, B6)) {
      int first = to.equals(B) ? 5000 : 6000;
      bad.add(tcp(a, to, first, first));
      bad.add(udp(a, to, first + 1, first + 1));
      good.add(tcp(a, to, first + 2, first + 2));
      good.add(udp(a, to, first + 3, first + 3));
    }
    good.add(tcp(lab.node(), B, 5000, 5000));
    good.add(tcp(outside, B, 5000, 5000));
    Set<Integer> before = entries(_ -> true);
    lab.nft(
        """
        add rule inet lab judged ip saddr 10.244.1.2 th dport 5000-5001 counter name denied drop
        add rule inet lab judged ip6 saddr fd00:244::2 th dport 6000-6001 counter name denied drop
        """);
    denied =
        flow ->
            Set.of(IpAddress.parse(A), IpAddress.parse(A6)).contains(flow.source())
                && flow.destinationPort() % 1000 < 2;
    for (Conversation conversation : bad) {
      assertThat(conversation.flows()).as("the kernel lets known connections pass").isTrue();
    }
    Set<Integer> doomed =
        entries(entry ->
            entry.original().source().toString().endsWith("2")
                && entry.original().toString().matches(".*:[56]00[01]"));
    assertThat(doomed).hasSize(4);
    CutReport report = judgeAgain(B, B6);
    assertThat(report.cut()).isEqualTo(4);
    assertThat(report.judged()).isEqualTo(10);
    Set<Integer> after = new HashSet<>(before);
    after.removeAll(doomed);
    assertThat(entries(_ -> true)).isEqualTo(after);
    for (Conversation conversation : bad) {
      assertCut(conversation);
      // The server goes on, and besides sends again what the client cannot acknowledge any more.
      conversation.serverSays(1);
      assertThat(conversation.clientHears(100)).isEqualTo(Conversation.SILENCE);
    }
    for (Conversation conversation : good) {
      assertThat(conversation.flows()).isTrue();
    }
    assertThat(entries(_ -> true)).as("no server has begun any").isEqualTo(after);
    assertThat(judgeAgain(A, A6).cut()).as("nothing is left to cut").isZero();
  }

  @Test
  @DisplayName("through a Service, and masqueraded, the real ends are judged (faults 31, policy 6)")
  void translated() throws Exception {
    Conversation podThroughService = tcp(a, "10.96.0.10", 80, 8080);
    Conversation podThroughService6 = tcp(a, "fd00:96::10", 80, 8180);
    Conversation datagrams = udp(a, "10.96.0.10", 80, 8080);
    Conversation outsideThroughService = tcp(outside, "10.96.0.10", 80, 8080);
    Conversation outsideDatagrams = udp(outside, "fd00:96::10", 80, 8180);
    Conversation elsewhere = tcp(outside, B, 8081, 8081);
    Set<Integer> before = entries(_ -> true);
    lab.nft(
        """
        add rule inet lab judged ip saddr 10.9.0.1 ip daddr 10.244.1.3 th dport 8080 \
        counter name denied drop
        add rule inet lab judged ip6 saddr fd00:9::1 ip6 daddr fd00:244::3 th dport 8180 \
        counter name denied drop
        """);
    denied =
        flow ->
            flow.origin() == Flow.Origin.NETWORK
                && (isTo(flow, B, 8080) || isTo(flow, B6, 8180))
                && (flow.source().equals(IpAddress.parse(OUTSIDE))
                    || flow.source().equals(IpAddress.parse(OUTSIDE6)));
    assertThat(judgeAgain(B, B6).cut()).isEqualTo(2);
    assertCut(outsideThroughService);
    assertCut(outsideDatagrams);
    for (Conversation good : List.of(podThroughService, podThroughService6, datagrams, elsewhere)) {
      assertThat(good.flows()).isTrue();
    }
    assertThat(before).containsAll(entries(_ -> true));
  }

  @Test
  @DisplayName("the node's own connections are judged as such")
  void ownNode() throws Exception {
    Conversation probe = tcp(lab.node(), B, 8080, 8080);
    Conversation probe6 = tcp(lab.node(), B6, 8080, 8080);
    denied = flow -> flow.origin() == Flow.Origin.NETWORK;
    assertThat(judgeAgain(B, B6)).extracting(CutReport::judged, CutReport::cut).contains(2, 0);
    assertThat(probe.flows()).isTrue();
    assertThat(probe6.flows()).isTrue();
  }

  private void insert(int count) throws IOException {
    Path script = Files.createTempFile("pod-lab", ".txt");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "-I -p udp -s 10.8.%d.%d -d 10.244.1.3 --sport 40000 --dport %d -t 300 -u SEEN_REPLY\n"
              .formatted(i >> 8, i & 255, 53 + i % 2));
    }
    Files.writeString(script, lines);
    lab.node().run("conntrack", "--load-file", script.toString());
    Files.delete(script);
  }

  @Test
  @DisplayName("half of ten thousand connections are denied: just these are cut")
  void many() throws Exception {
    Conversation good = tcp(a, B, 8080, 8080);
    insert(10_000);
    Set<Integer> kept = entries(entry -> !entry.original().toString().endsWith(":53"));
    assertThat(kept).hasSize(5001);
    denied = flow -> isTo(flow, B, 53);
    CutReport report = judgeAgain(B);
    System.out.println("one address: " + report);
    assertThat(report.cut()).isEqualTo(5000);
    assertThat(entries(_ -> true)).isEqualTo(kept);
    assertThat(good.flows()).isTrue();
    denied = flow -> isTo(flow, B, 54);
    report = judgeAgain(B, A, B6);
    System.out.println("addresses of both families: " + report);
    assertThat(report.cut()).isEqualTo(5000);
    assertThat(entries(_ -> true)).hasSize(1);
    assertThat(good.flows()).isTrue();
  }

  @Test
  @DisplayName("the next owner of an address inherits no connection (faults 26, policy 5)")
  void reused() throws Exception {
    Conversation old = tcp(a, B, 8080, 8080);
    Conversation old6 = udp(a, B6, 8080, 8080);
    Conversation other = tcp(a, "10.9.0.1", 8080, 8080, outside);
    lab.nft(
        """
        add rule inet lab judged ip daddr 10.244.1.3 counter name denied drop
        add rule inet lab judged ip6 daddr fd00:244::3 counter name denied drop
        """);
    assertThat(old.flows()).isTrue();
    try (AddressFlush flush = openFlush()) {
      flush.occupy(List.of(IpAddress.parse(B), IpAddress.parse(B6)));
    }
    assertThat(entries(_ -> true)).hasSize(1);
    assertCut(old);
    assertCut(old6);
    assertThat(other.flows()).isTrue();
  }

  private Conversation tcp(
      TestNamespace client, String to, int port, int serverPort, TestNamespace server)
      throws Exception {
    Conversation opened = Conversation.tcp(client, to, port, server, serverPort);
    open.add(opened);
    return opened;
  }

  private AddressFlush openFlush() throws Exception {
    return lab.node()
        .call(() ->
            AddressFlush.open(e -> {
              throw new AssertionError(e);
            }));
  }

  @Test
  @DisplayName("forgetting finds both ends of either family, among thousands (faults 26)")
  void forgetting() throws Exception {
    try (AddressFlush flush = openFlush()) {
      List<IpAddress> pod = List.of(IpAddress.parse(B), IpAddress.parse(B6));
      flush.occupy(pod);
      tcp(a, "10.96.0.10", 80, 8080);
      tcp(outside, "fd00:96::10", 80, 8180);
      tcp(b, OUTSIDE, 8080, 8080, outside);
      insert(10_000);
      flush.occupy(List.of(IpAddress.parse("10.244.1.99"), IpAddress.parse("fd00:244::99")));
      assertThat(entries(_ -> true)).hasSize(10_003);
      flush.occupy(pod);
      assertThat(entries(_ -> true)).isEmpty();
    }
  }

  @Test
  @DisplayName("at the start, what owners left behind is forgotten, and nothing else (faults 26)")
  void start() throws Exception {
    Conversation held = tcp(a, OUTSIDE, 8080, 8080, outside);
    Conversation probe = tcp(lab.node(), A, 8081, 8081, a);
    insert(10);
    try (AddressFlush flush = openFlush()) {
      flush.begin(
          List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244::/64")),
          List.of(IpAddress.parse(A), IpAddress.parse(A6)));
    }
    assertThat(entries(_ -> true)).hasSize(2);
    assertThat(held.flows()).isTrue();
    assertThat(probe.flows()).isTrue();
  }
}
