package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.FlowReport.End;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.Judgement;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of connections that came about whose they are, through which Service, and which policies let
 * them, by what is known now. For the thread that owns the {@link Enforcement}.
 */
final class ConnectionExplainer {

  private final NameBook names;
  private final @Nullable PolicyEvaluator evaluator;

  /**
   * With the names of things.
   *
   * @param enforcement null where policies are off
   */
  ConnectionExplainer(NameBook names, @Nullable Enforcement enforcement) {
    this.names = names;
    this.evaluator = enforcement == null ? null : new PolicyEvaluator(enforcement);
  }

  FlowReport explain(ConntrackEntry entry, Instant time) {
    ConntrackTuple original = entry.original();
    ConntrackTuple reply = entry.reply();
    int sourcePort = source(original);
    int port = source(reply); // Answers come from the endpoint.
    boolean translated =
        !reply.source().equals(original.destination()) || port != destination(original);
    boolean masqueraded = !reply.destination().equals(original.source());
    List<String> policies = new ArrayList<>();
    String reason = reason(original, reply.source(), port, policies);
    return new FlowReport(
        time.toString(),
        FlowReport.ALLOWED,
        "",
        new End(original.source().toString(), sourcePort, names.pod(original.source())),
        new End(reply.source().toString(), port, names.pod(reply.source())),
        translated ? service(original) : "",
        translated ? text(original.destination(), destination(original)) : "",
        masqueraded ? text(reply.destination(), destination(reply)) : "",
        ConntrackTuple.protocolName(original.protocol()),
        policies,
        reason);
  }

  private static String text(IpAddress address, int port) {
    return new End(address.toString(), port, "").toString();
  }

  private static int source(ConntrackTuple tuple) {
    return tuple.key() instanceof TransportKey.Ports ports ? ports.source() : Flow.NO_PORT;
  }

  private static int destination(ConntrackTuple tuple) {
    return tuple.key() instanceof TransportKey.Ports ports ? ports.destination() : Flow.NO_PORT;
  }

  private String service(ConntrackTuple original) {
    int port = destination(original);
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == original.protocol() && port > 0) {
        FrontendAddress address = new VirtualAddress(original.destination(), protocol, port);
        String name = names.serviceName(address);
        return name.isEmpty()
            ? names.serviceName(new NodePort(original.family(), protocol, port))
            : name;
      }
    }
    return "";
  }

  private String reason(
      ConntrackTuple original, IpAddress destination, int port, List<String> policies) {
    PolicyEvaluator judge = evaluator;
    if (judge == null) {
      return "policies are off";
    }
    int judged =
        original.key() instanceof TransportKey.Icmp icmp && original.protocol() == Flow.ICMPV6
            ? icmp.type()
            : port;
    boolean own = names.isOwnNode(original.source());
    Decision decision =
        judge.evaluate(
            new Flow(
                own ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK,
                original.source(),
                destination,
                original.protocol(),
                judged));
    String egress = text(decision.egress(), "egress", policies);
    String ingress = text(decision.ingress(), "ingress", policies);
    if (egress.isEmpty() && ingress.isEmpty()) {
      return "no policy selects either end";
    }
    return egress.isEmpty() || egress.equals(ingress)
        ? ingress
        : ingress.isEmpty() ? egress : egress + ", " + ingress;
  }

  private static String text(Judgement judgement, String direction, List<String> policies) {
    return switch (judgement) {
      case Judgement.NotIsolated() -> "";
      case Judgement.Exempt(Judgement.Reason reason) ->
          switch (reason) {
            case ITSELF -> "a pod may always reach itself";
            case OWN_NODE -> "a pod's own node may always reach it";
            case NEIGHBOUR_DISCOVERY -> "neighbour discovery is always let through";
          };
      case Judgement.Allowed(ObjectKey policy, int rule) -> {
        policies.add(policy.toString());
        yield "rule " + (rule + 1) + " of the " + direction + " of " + policy + " allows it";
      }
      case Judgement.Denied(List<ObjectKey> denying) -> {
        denying.forEach(policy -> policies.add(policy.toString()));
        yield "it was allowed then, and no " + direction + " rule allows it by now";
      }
    };
  }
}
