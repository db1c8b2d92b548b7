package io.fairlead.agent.why;

import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.why.ServiceLookup.Found;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a packet of what was asked: addresses of one family, a port and a protocol. */
record Addressing(NodeFacts facts, Directory directory, Evidence evidence, List<String> notes) {

  /** The packet, and the Service that it is for, if any. */
  record Chosen(Packet packet, Found found) {}

  Chosen choose(Asked sender, AskedDestination asked) throws RefusedException {
    List<Party> senders = directory.senders(sender);
    List<Party> receivers = directory.receivers(asked.party());
    for (Party source : senders) {
      for (Party target : receivers) {
        List<AddressFamily> families = common(addresses(target), source.addresses());
        if (!families.isEmpty()) {
          return choose(source, target, asked, families.getFirst());
        }
      }
    }
    throw new RefusedException(
        senders.getFirst()
            + " and "
            + receivers.getFirst()
            + " have no addresses of the same family: "
            + senders.getFirst().addresses()
            + " and "
            + receivers.getFirst().addresses());
  }

  private static List<IpAddress> addresses(Party party) {
    if (party instanceof Party.OfService(ServiceRecord service)) {
      List<IpAddress> all = new ArrayList<>(service.clusterIps());
      all.addAll(service.loadBalancerIps());
      all.addAll(service.externalIps());
      return all;
    }
    return party.addresses();
  }

  private Chosen choose(Party source, Party target, AskedDestination asked, AddressFamily family)
      throws RefusedException {
    IpAddress from = Objects.requireNonNull(source.address(family));
    IpAddress to = Objects.requireNonNull(address(source, target, family));
    if (source instanceof Party.OfAddress(_, boolean example) && example) {
      notes.add(from + " stands for anybody outside; name an address to ask for that one");
    }
    NodeRecord entry = entry(source, target);
    boolean here = entry == null || entry.name().equals(facts.node());
    Port port = port(target, asked, to);
    Packet packet = new Packet(source, from, to, port.number(), port.transport(), entry, here);
    ServiceLookup lookup = new ServiceLookup(facts, evidence);
    if (port.problem() != null) {
      return new Chosen(packet, new Found.Nowhere(Step.stops(Stage.SERVICE, port.problem())));
    }
    return new Chosen(packet, lookup.find(packet));
  }

  private static @Nullable IpAddress address(Party source, Party target, AddressFamily family) {
    return target instanceof Party.OfService(ServiceRecord service)
        ? ServiceLookup.addressFor(service, family, source instanceof Party.OfAddress)
        : target.address(family);
  }

  /** The node whose kernel meets the packet first. */
  private @Nullable NodeRecord entry(Party source, Party target) {
    String name =
        switch (source) {
          case Party.OfPod pod -> pod.node();
          case Party.OfNode node -> node.node().name();
          case Party.OfAddress _, Party.OfService _ ->
              target instanceof Party.OfNode node ? node.node().name() : facts.node();
        };
    return name == null ? null : facts.view().node(name);
  }

  /**
   * A port by its number.
   *
   * @param problem why nothing can be at it, else null
   */
  private record Port(int number, Transport transport, @Nullable String problem) {}

  private Port port(Party target, AskedDestination asked, IpAddress to) throws RefusedException {
    Transport wanted = asked.transport();
    if (wanted == Transport.ICMP) {
      return new Port(0, wanted, null);
    }
    ServiceRecord service = service(target, to);
    if (service == null) {
      if (asked.number() == 0) {
        throw new RefusedException(
            "\""
                + asked.port()
                + "\" is the name of a port, which only Services have here. Name a"
                + " number");
      }
      return new Port(asked.number(), wanted == null ? Transport.TCP : wanted, null);
    }
    for (ServicePortRecord port : service.ports()) {
      boolean named =
          asked.number() == 0 ? port.name().equals(asked.port()) : port.port() == asked.number();
      if (named && (wanted == null || wanted.protocol() == port.protocol())) {
        return new Port(port.port(), Transport.of(port.protocol()), null);
      }
    }
    return new Port(
        asked.number(),
        wanted == null ? Transport.TCP : wanted,
        "Service "
            + service.key()
            + " has no port "
            + asked.port()
            + (wanted == null ? "" : "/" + wanted.text())
            + ". Its ports are "
            + ServiceLookup.ports(service));
  }

  /** The Service that was asked for, or whose cluster IP was. */
  private @Nullable ServiceRecord service(Party target, IpAddress to) {
    if (target instanceof Party.OfService(ServiceRecord service)) {
      return service;
    }
    if (target instanceof Party.OfAddress) {
      for (ServiceRecord service : facts.view().services()) {
        if (service.clusterIps().contains(to)) {
          return service;
        }
      }
    }
    return null;
  }

  /** The families in which both have an address. */
  private static List<AddressFamily> common(List<IpAddress> some, List<IpAddress> others) {
    List<AddressFamily> common = new ArrayList<>();
    for (IpAddress address : some) {
      if (others.stream().anyMatch(other -> other.family() == address.family())
          && !common.contains(address.family())) {
        common.add(address.family());
      }
    }
    return common;
  }
}
