package io.fairlead.agent.why;

import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.why.ServiceLookup.Found;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.service.EndpointAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows a packet from its sender to where it ends. Used for one question. */
final class Walk {

  /** Ways beyond these are judged, but not told. */
  private static final int MOST_WAYS = 64;

  private final NodeFacts facts;
  private final Directory directory;
  private final Evidence evidence = new Evidence();
  private final List<String> notes = new ArrayList<>();

  Walk(NodeFacts facts) {
    this.facts = facts;
    this.directory = new Directory(facts);
  }

  /**
   * Answers a question.
   *
   * @param word the destination as it was asked
   * @throws RefusedException if nobody is meant by it
   */
  WhyReport answer(Asked source, AskedDestination asked, String word) throws RefusedException {
    Addressing.Chosen chosen =
        new Addressing(facts, directory, evidence, notes).choose(source, asked);
    Packet packet = chosen.packet();
    noteOtherNode(packet);
    List<Step> steps = new ArrayList<>();
    List<Way> ways = new ArrayList<>();
    switch (chosen.found()) {
      case Found.Nowhere(Step step) -> steps.add(step);
      case Found.Nothing() -> ways.add(way(packet, packet.destination(), packet.port(), null));
      case Found.Service service -> {
        steps.add(service.step());
        if (!service.step().isEnd()) {
          EndpointStep endpoints = EndpointStep.of(facts, packet, service);
          steps.add(endpoints.step());
          for (EndpointAddress endpoint : endpoints.endpoints().endpoints()) {
            if (ways.size() < MOST_WAYS) {
              ways.add(way(packet, endpoint.address(), endpoint.port(), service));
            }
          }
          if (endpoints.endpoints().size() > MOST_WAYS) {
            notes.add("Only the first " + MOST_WAYS + " endpoints were looked at");
          }
        }
      }
    }
    notes.addAll(evidence.problems());
    Conclusion conclusion = Conclusion.of(packet, word, steps, ways);
    return new WhyReport(
        facts.node(),
        packet.source().toString(),
        packet.sourceAddress().toString(),
        sender(packet.source()),
        word,
        packet.destination().toString(),
        packet.transport() == Transport.ICMP ? -1 : packet.port(),
        packet.transport().text(),
        conclusion.verdict(),
        conclusion.sentence(),
        steps,
        ways,
        List.of(),
        notes);
  }

  private static WhyReport.Sender sender(Party party) {
    return switch (party) {
      case Party.OfPod pod when pod.local() != null -> WhyReport.Sender.POD_HERE;
      case Party.OfNode node when node.own() -> WhyReport.Sender.NODE_HERE;
      case Party.OfPod _, Party.OfNode _, Party.OfAddress _, Party.OfService _ ->
          WhyReport.Sender.ELSEWHERE;
    };
  }

  private void noteOtherNode(Packet packet) {
    if (!packet.here()) {
      notes.add(
          "The packet meets the kernel of "
              + packet.entryName()
              + " first, which only the agent there can ask: run this on "
              + packet.entryName()
              + " to see what it holds");
    }
  }

  private Way way(Packet packet, IpAddress address, int port, Found.@Nullable Service service)
      throws RefusedException {
    Party party = directory.byAddress(address);
    NodeRecord node = node(party, address);
    SourceTranslation translation = SourceTranslation.of(facts, packet, address, service);
    Target target =
        new Target(
            party,
            address,
            port,
            node,
            node != null && node.name().equals(facts.node()),
            service,
            translation.seen(packet, address));
    List<Step> steps = new ArrayList<>();
    if (service != null) {
      steps.add(Step.passes(Stage.TRANSLATION, "the destination becomes " + target.text(packet)));
    }
    DeliverySteps delivery = new DeliverySteps(facts, evidence);
    RouteSteps routes = new RouteSteps(facts, evidence);
    if (packet.here()) {
      routes.take(packet, target);
      routes.steps().stream().filter(step -> step.stage() == Stage.ROUTE).forEach(steps::add);
    }
    steps.addAll(new PolicySteps(facts, evidence).of(packet, target));
    routes.steps().stream().filter(step -> step.stage() != Stage.ROUTE).forEach(steps::add);
    if (packet.here()) {
      add(delivery.mtu(packet, routes.output(), routes.route()), steps);
    }
    add(delivery.delivery(target), steps);
    steps.add(delivery.back(packet, target, translation));
    return new Way(target.text(packet), untilEnd(steps));
  }

  private static void add(@Nullable Step step, List<Step> steps) {
    if (step != null) {
      steps.add(step);
    }
  }

  /** Nothing happens to a packet behind its end. */
  private static List<Step> untilEnd(List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).isEnd()) {
        return steps.subList(0, i + 1);
      }
    }
    return steps;
  }

  private @Nullable NodeRecord node(Party party, IpAddress address) {
    return switch (party) {
      case Party.OfPod pod when pod.node() != null -> facts.view().node(pod.node());
      case Party.OfNode node -> node.node();
      case Party.OfPod _, Party.OfAddress _, Party.OfService _ -> directory.nodeOfPods(address);
    };
  }
}
