package io.fairlead.agent.probe;

import io.fairlead.agent.probe.ProbeReport.Connection;
import io.fairlead.agent.probe.ProbeReport.Step;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.TraceEvent;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.netlink.route.RouteLookup;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.ProbeSocket;
import io.fairlead.dataplane.sys.ProbeSocket.Outcome;
import io.fairlead.iptables.kernel.NftRuleText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends one real packet and follows it through this node's rules. It leaves nothing behind: its
 * table belongs to its socket. Called in the node's network namespace, by a process that has
 * NET_ADMIN there, and SYS_ADMIN for a packet of a pod.
 */
public final class Probe {

  /** How long an answer is waited for. */
  public static final Duration LIMIT = Duration.ofSeconds(1);

  private final NamespaceSearch search;
  private final List<String> notes = new ArrayList<>();

  /** One that looks for namespaces where programs keep them. */
  public Probe() {
    this(new NamespaceSearch());
  }

  /** One for a pod whose network namespace is this file. */
  public Probe(Path namespace) {
    this(new NamespaceSearch(namespace));
  }

  Probe(NamespaceSearch search) {
    this.search = search;
  }

  /**
   * Sends the packet and waits for at most {@link #LIMIT}. Call it once.
   *
   * @throws ProbeException if it could not be sent: the sentence says what to do
   */
  public ProbeReport run(ProbeRequest request) throws IOException, InterruptedException {
    IpAddress source = request.source();
    if (source == null) {
      IpAddress own = sourceOf(request.destination());
      try (ProbeSocket socket = open(request, own)) {
        return send(request, own, socket, "");
      }
    }
    NamespaceSearch.Found found = search.find(source);
    try (var thread = found.thread();
        NetworkNamespace here = NetworkNamespace.current()) {
      boolean isNode = thread.namespace().isSame(here);
      try (ProbeSocket socket = inside(thread, request, source)) {
        return send(request, source, socket, isNode ? "" : found.path().toString());
      }
    }
  }

  private static ProbeSocket inside(NamespaceThread thread, ProbeRequest request, IpAddress source)
      throws IOException {
    try {
      return thread.call(() -> open(request, source));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new ProbeException("the pod's network namespace could not be used: " + e, e);
    }
  }

  private static ProbeSocket open(ProbeRequest request, IpAddress source) throws IOException {
    try {
      return ProbeSocket.open(request.protocol().kind(), source, request.size() > 0);
    } catch (IOException e) {
      throw new ProbeException(
          e.getMessage() + "; run this as root on the node, where " + source + " is in use", e);
    }
  }

  private static IpAddress sourceOf(IpAddress destination) throws IOException {
    try (RouteSocket routes = RouteSocket.open()) {
      RouteAnswer answer = routes.lookup(RouteLookup.to(destination));
      IpAddress source =
          switch (answer) {
            case RouteAnswer.Leads(var route) -> route.source();
            case RouteAnswer.Refuses(RouteAnswer.Reason reason, _) ->
                throw new ProbeException(
                    "this node has no way to " + destination + ": " + reason.sentence());
          };
      if (source == null) {
        throw new ProbeException("this node has no address to send to " + destination + " from");
      }
      return source;
    }
  }

  private ProbeReport send(
      ProbeRequest request, IpAddress source, ProbeSocket socket, String namespace)
      throws IOException, InterruptedException {
    Tracing.Packet packet =
        new Tracing.Packet(
            source, request.destination(), request.protocol(), socket.port(), request.port());
    try (Tracing tracing = Tracing.start(packet)) {
      long start = System.nanoTime();
      Outcome outcome = socket.probe(request.destination(), request.port(), request.size(), LIMIT);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Connection connection = connection(packet);
      List<TraceEvent> events = tracing.finish(LIMIT);
      List<Step> steps = steps(events, tracing);
      addNotes(events, tracing);
      return new ProbeReport(
          text(request, packet),
          namespace,
          steps,
          connection,
          link(events, true),
          link(events, false),
          AnswerText.of(request.protocol(), outcome, took, LIMIT),
          notes);
    }
  }

  private static String text(ProbeRequest request, Tracing.Packet packet) {
    String protocol = request.protocol().name().toLowerCase(Locale.ROOT);
    String size = request.size() == 0 ? "" : " with " + request.size() + " bytes";
    return request.protocol().hasPorts()
        ? protocol
            + " "
            + endpoint(packet.source(), packet.sourcePort())
            + " -> "
            + endpoint(packet.destination(), packet.port())
            + size
        : protocol + " echo " + packet.source() + " -> " + packet.destination() + size;
  }

  private static String endpoint(IpAddress address, int port) {
    return new EndpointAddress(address, port).toString();
  }

  private static Connection connection(Tracing.Packet packet) throws IOException {
    int protocol = packet.protocol().number(packet.source().family());
    TupleFilter original =
        packet.protocol().hasPorts()
            ? new TupleFilter(
                packet.source(), packet.sourcePort(), packet.destination(), packet.port())
            : new TupleFilter(packet.source(), null, packet.destination(), null);
    AtomicReference<@Nullable ConntrackEntry> found = new AtomicReference<>();
    try (ConntrackSocket conntrack = ConntrackSocket.open()) {
      conntrack.dump(
          ConntrackFilter.ALL.withProtocol(protocol).withOriginal(original),
          entry -> {
            if (!(entry.original().key() instanceof TransportKey.Icmp icmp)
                || icmp.identifier() == packet.sourcePort()) {
              found.set(entry);
            }
          });
    }
    ConntrackEntry entry = found.get();
    return entry == null
        ? Connection.NONE
        : new Connection(entry.original().toString(), entry.reply().toString());
  }

  private static List<Step> steps(List<TraceEvent> events, Tracing tracing) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (TraceEvent event : events) {
      String rule = "";
      String verdict = event.verdict();
      switch (event.kind()) {
        case RULE -> {
          NfRule read = tracing.kernel().rule(event.table(), event.chain(), event.rule());
          rule = read == null ? "rule " + event.rule() + ", which is gone" : NftRuleText.of(read);
        }
        case POLICY -> verdict = "policy " + verdict;
        case RETURN -> {}
      }
      steps.add(new Step(event.table().toString(), event.chain(), rule, verdict));
    }
    return steps;
  }

  /** The name of the first link that the packet came through, or of the last it leaves through. */
  private static String link(List<TraceEvent> events, boolean in) throws IOException {
    int index = 0;
    for (TraceEvent event : events) {
      int named = in ? event.inputIndex() : event.outputIndex();
      if (named != 0 && (index == 0 || !in)) {
        index = named;
      }
    }
    if (index == 0) {
      return "";
    }
    try (RouteSocket routes = RouteSocket.open()) {
      Link link = routes.link(index);
      return link == null ? "" : link.name();
    }
  }

  private void addNotes(List<TraceEvent> events, Tracing tracing) throws IOException {
    if (tracing.isIncomplete()) {
      notes.add("the kernel told more than could be read in time; steps are missing");
    }
    if (events.isEmpty()) {
      notes.add(
          "no rule of this node's saw the packet: it ended before, at the port or in the pod's"
              + " own namespace, or there are none");
    }
    List<String> legacy = new ArrayList<>();
    for (String file : List.of("ip_tables_names", "ip6_tables_names")) {
      try {
        legacy.addAll(Files.readAllLines(Path.of("/proc/thread-self/net", file)));
      } catch (NoSuchFileException _) {
        // The kernel does not have, or has not loaded, iptables-legacy.
      }
    }
    if (!legacy.isEmpty()) {
      notes.add(
          "iptables-legacy has tables here ("
              + String.join(", ", legacy.stream().distinct().toList())
              + "): a trace does not show their rules; see iptables-legacy-save -c");
    }
  }
}
