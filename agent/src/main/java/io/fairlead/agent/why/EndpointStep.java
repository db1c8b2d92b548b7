package io.fairlead.agent.why;

import io.fairlead.agent.why.ServiceLookup.Found;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.service.EndpointExplanation;
import io.fairlead.dataplane.service.EndpointFate;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.Frontend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which endpoints of a Service a packet may be sent to, and why not to the others. */
record EndpointStep(EndpointSet endpoints, Step step) {

  /** More candidates than this are counted only. */
  private static final int MOST_TOLD = 50;

  static EndpointStep of(NodeFacts facts, Packet packet, Found.Service found) {
    boolean inside = isInside(packet, found);
    EndpointSet chosen =
        inside ? found.port().inside(found.frontend()) : found.port().outside(found.frontend());
    boolean local = isLocal(found.frontend(), inside);
    Collection<EndpointSliceRecord> slices = facts.view().slices(found.service().key());
    List<EndpointExplanation> candidates =
        EndpointExplanation.of(found.service(), slices, found.node()).stream()
            .filter(each ->
                each.portName().equals(found.port().name())
                    && each.protocol() == found.port().protocol()
                    && each.endpoint().address().family() == found.port().family())
            .toList();
    List<String> details = new ArrayList<>();
    candidates.stream()
        .limit(MOST_TOLD)
        .forEach(each -> details.add(text(each, local ? each.local() : each.cluster())));
    if (candidates.size() > MOST_TOLD) {
      details.add("and " + (candidates.size() - MOST_TOLD) + " more");
    }
    return new EndpointStep(chosen, step(packet, found, chosen, candidates, local).with(details));
  }

  private static Step step(
      Packet packet,
      Found.Service found,
      EndpointSet chosen,
      List<EndpointExplanation> candidates,
      boolean local) {
    if (!chosen.isEmpty()) {
      return Step.passes(
          Stage.ENDPOINTS,
          chosen.size()
              + " of "
              + candidates.size()
              + (candidates.size() == 1 ? " endpoint is" : " endpoints are")
              + " used"
              + (chosen.size() > 1 ? ", each with the same chance" : ""));
    }
    String why =
        candidates.isEmpty()
            ? "no EndpointSlice of Service "
                + found.service().key()
                + " has an endpoint for this port; check that its selector matches pods"
            : (candidates.size() == 1
                    ? "the only endpoint of Service " + found.service().key() + " cannot be used: "
                    : "none of the "
                        + candidates.size()
                        + " endpoints of Service "
                        + found.service().key()
                        + " can be used: ")
                + reasons(candidates, local);
    return Step.stops(
        Stage.ENDPOINTS,
        why
            + switch (chosen.absence()) {
              case REFUSE -> "; the client is refused at once";
              case DROP ->
                  "; the packet is dropped, since there are endpoints on other nodes than "
                      + packet.entryName();
            });
  }

  private static String reasons(List<EndpointExplanation> candidates, boolean local) {
    return String.join(
        "; ",
        candidates.stream()
            .map(each -> local ? each.local() : each.cluster())
            .map(EndpointFate::sentence)
            .distinct()
            .toList());
  }

  private static String text(EndpointExplanation each, EndpointFate fate) {
    return each.endpoint().address()
        + (each.port() == 0 ? "" : " port " + each.port())
        + (each.endpoint().node() == null ? "" : " on " + each.endpoint().node())
        + ": "
        + fate.sentence()
        + " (EndpointSlice "
        + each.slice()
        + ")";
  }

  private static boolean isInside(Packet packet, Found.Service found) {
    return packet.isFromEntry() || (packet.isFromPodOfEntry() && found.node().knowsLocalPods());
  }

  private static boolean isLocal(Frontend frontend, boolean inside) {
    return switch (frontend.reach()) {
      case CLUSTER -> false;
      case LOCAL -> true;
      case LOCAL_FROM_OUTSIDE -> !inside;
    };
  }
}
