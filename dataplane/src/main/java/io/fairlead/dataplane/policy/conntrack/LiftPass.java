package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets answers pass again whose flows policies allow by now. */
final class LiftPass {

  private LiftPass() {}

  /**
   * Judges all that is refused.
   *
   * @param own the node's own addresses
   * @return whether something is still refused
   */
  static boolean run(CutAnswers answers, FlowJudge judge, Set<IpAddress> own) throws IOException {
    Set<ConntrackTuple> refused = answers.refused();
    Set<ConntrackTuple> allowed = new HashSet<>();
    Map<ConntrackTuple, Flow> portion = new HashMap<>();
    for (Iterator<ConntrackTuple> rest = refused.iterator(); rest.hasNext(); ) {
      ConntrackTuple answer = rest.next();
      portion.put(answer, flow(answer, own));
      if (portion.size() == Judgements.PORTION || !rest.hasNext()) {
        Set<Flow> denied = Judgements.denied(judge, new HashSet<>(portion.values()));
        portion.forEach((tuple, flow) -> {
          if (!denied.contains(flow)) {
            allowed.add(tuple);
          }
        });
        portion.clear();
      }
    }
    if (!allowed.isEmpty()) {
      answers.pass(List.copyOf(allowed));
    }
    return allowed.size() < refused.size();
  }

  /** What the answer answered. */
  private static Flow flow(ConntrackTuple answer, Set<IpAddress> own) {
    IpAddress client = answer.destination();
    return new Flow(
        own.contains(client) ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK,
        client,
        answer.source(),
        answer.protocol(),
        answer.key() instanceof Ports ports ? ports.source() : Flow.NO_PORT);
  }
}
