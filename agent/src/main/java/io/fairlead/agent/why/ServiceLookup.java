package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which Service a packet is for, as the node sees it whose kernel meets the packet first. */
record ServiceLookup(NodeFacts facts, Evidence evidence) {

  /** What was found. */
  sealed interface Found {

    /** It is for whom it is addressed to. */
    record Nothing() implements Found {}

    /** It goes no further. */
    record Nowhere(Step step) implements Found {}

    /**
     * It is for a Service.
     *
     * @param node as which the Service was looked at
     */
    record Service(
        ServiceRecord service,
        ServicePortFragment port,
        FrontendAddress address,
        Frontend frontend,
        ServiceNode node,
        Step step)
        implements Found {}
  }

  Found find(Packet packet) {
    Protocol protocol = packet.transport().protocol();
    if (protocol == null) {
      return ofIcmp(packet);
    }
    FrontendAddress virtual = new VirtualAddress(packet.destination(), protocol, packet.port());
    AddressClaims.Owner owner = facts.claims().owner(virtual);
    if (owner != null) {
      return found(packet, virtual, owner.service());
    }
    if (isOfEntry(packet)) {
      NodePort port = new NodePort(packet.destination().family(), protocol, packet.port());
      owner = facts.claims().owner(port);
      if (owner != null) {
        return found(packet, port, owner.service());
      }
    }
    return unclaimed(packet);
  }

  /** Whether it is addressed to the node whose kernel meets it first. */
  private static boolean isOfEntry(Packet packet) {
    NodeRecord entry = packet.entry();
    return entry != null && entry.addresses().contains(packet.destination());
  }

  private Found found(Packet packet, FrontendAddress address, ObjectKey key) {
    ServiceRecord service = facts.view().service(key);
    ServiceNode node = serviceNode(packet);
    ServiceFragment fragment =
        service == null ? null : ServiceFragment.of(service, facts.view().slices(key), node);
    if (service == null || fragment == null) {
      return new Found.Nothing();
    }
    for (ServicePortFragment port : fragment.ports()) {
      Frontend frontend = port.frontends().get(address);
      if (frontend != null) {
        return new Found.Service(
            service, port, address, frontend, node, step(packet, service, port, address, frontend));
      }
    }
    return new Found.Nothing();
  }

  private ServiceNode serviceNode(Packet packet) {
    NodeRecord entry = packet.entry();
    if (packet.here() || entry == null) {
      return facts.serviceNode();
    }
    return new ServiceNode(
        entry.name(),
        entry.zone(),
        entry.addresses(),
        facts.serviceNode().knowsLocalPods(),
        facts.serviceNode().masqueradeAll());
  }

  private Step step(
      Packet packet,
      ServiceRecord service,
      ServicePortFragment port,
      FrontendAddress address,
      Frontend frontend) {
    String what =
        "Service "
            + service.key()
            + (port.name().isEmpty() ? "" : ", port " + port.name())
            + ": "
            + packet.target()
            + " is its "
            + text(frontend.kind());
    List<KernelObject> kernel =
        packet.here() ? evidence.of(() -> facts.kernel().service(address)) : List.of();
    if (!mayUse(packet, frontend)) {
      return Step.stops(
          Stage.SERVICE,
          what
              + ", and its spec.loadBalancerSourceRanges do not have "
              + packet.sourceAddress()
              + " in them",
          kernel);
    }
    List<String> details = new ArrayList<>();
    if (port.affinitySeconds() > 0) {
      details.add(
          "sessionAffinity ClientIP: a client stays with its endpoint for "
              + port.affinitySeconds()
              + " s after its last connection");
    }
    if (frontend.reach() != Frontend.Reach.CLUSTER) {
      details.add(
          frontend.reach() == Frontend.Reach.LOCAL
              ? "internalTrafficPolicy Local: only endpoints on " + packet.entryName()
              : "externalTrafficPolicy Local: clients from outside get endpoints on "
                  + packet.entryName()
                  + " only");
    }
    return Step.passes(Stage.SERVICE, what, kernel).with(details).judgedByKernel();
  }

  private static boolean mayUse(Packet packet, Frontend frontend) {
    return frontend.allowedSources() == null
        || frontend.allowedSources().stream()
            .anyMatch(cidr -> cidr.contains(packet.sourceAddress()));
  }

  private static String text(Frontend.Kind kind) {
    return switch (kind) {
      case CLUSTER_IP -> "cluster IP";
      case EXTERNAL_IP -> "external IP";
      case LOAD_BALANCER -> "load balancer's IP";
      case NODE_PORT -> "node port";
    };
  }

  private Found ofIcmp(Packet packet) {
    ServiceRecord service = serviceAt(packet.destination());
    return service == null
        ? new Found.Nothing()
        : new Found.Nowhere(
            Step.stops(
                Stage.SERVICE,
                "Service "
                    + service.key()
                    + " has "
                    + packet.destination()
                    + " for its ports only: nothing answers ICMP there"));
  }

  private Found unclaimed(Packet packet) {
    ServiceRecord service = serviceAt(packet.destination());
    if (service != null) {
      return new Found.Nowhere(
          Step.stops(
              Stage.SERVICE,
              "Service "
                  + service.key()
                  + " has the address "
                  + packet.destination()
                  + ", but no port "
                  + packet.port()
                  + "/"
                  + packet.transport().text()
                  + ". Its ports are "
                  + ports(service)));
    }
    boolean isAllocated =
        facts.serviceCidrs().stream().anyMatch(cidr -> cidr.contains(packet.destination()));
    return isAllocated
        ? new Found.Nowhere(
            Step.stops(
                Stage.SERVICE, packet.destination() + " is in service-cidr, and no Service has it"))
        : new Found.Nothing();
  }

  private @Nullable ServiceRecord serviceAt(IpAddress address) {
    for (ServiceRecord service : facts.view().services()) {
      if (service.clusterIps().contains(address)
          || service.externalIps().contains(address)
          || service.loadBalancerIps().contains(address)) {
        return service;
      }
    }
    return null;
  }

  /** "http 80/tcp, dns 53/udp". */
  static String ports(ServiceRecord service) {
    return service.ports().isEmpty()
        ? "none that can be used"
        : service.ports().stream().map(ServiceLookup::text).collect(Collectors.joining(", "));
  }

  private static String text(ServicePortRecord port) {
    return (port.name().isEmpty() ? "" : port.name() + " ")
        + port.port()
        + "/"
        + Transport.of(port.protocol()).text();
  }

  /** Where clients of a family reach a Service best: those inside at its cluster IP. */
  static @Nullable IpAddress addressFor(
      ServiceRecord service, AddressFamily family, boolean isOutside) {
    List<IpAddress> addresses = new ArrayList<>();
    if (isOutside) {
      addresses.addAll(service.loadBalancerIps());
      addresses.addAll(service.externalIps());
    }
    addresses.addAll(service.clusterIps());
    for (IpAddress address : addresses) {
      if (address.family() == family) {
        return address;
      }
    }
    return null;
  }
}
