package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of a Service, and who may use them. */
final class ServiceAddresses {

  private ServiceAddresses() {}

  /** One per IP family. */
  static List<IpAddress> clusterIps(ServiceSpec spec, List<String> problems) {
    List<String> texts = spec.getClusterIPs();
    if (texts == null || texts.isEmpty()) {
      texts = List.of(spec.getClusterIP());
    }
    List<IpAddress> addresses = new ArrayList<>(texts.size());
    for (String text : texts) {
      IpAddress address = Fields.routed("spec.clusterIPs", text, problems);
      if (address == null) {
        continue;
      }
      if (addresses.stream().anyMatch(other -> other.family() == address.family())) {
        problems.add("spec.clusterIPs has a second address of one IP family, " + address);
      } else {
        addresses.add(address);
      }
    }
    return addresses;
  }

  static List<IpAddress> externalIps(ServiceSpec spec, List<String> problems) {
    List<String> texts = spec.getExternalIPs();
    if (texts == null) {
      return List.of();
    }
    List<IpAddress> addresses = new ArrayList<>(texts.size());
    for (String text : texts) {
      add(Fields.routed("spec.externalIPs", text, problems), addresses);
    }
    return addresses;
  }

  private static void add(@Nullable IpAddress address, List<IpAddress> addresses) {
    if (address != null && !addresses.contains(address)) {
      addresses.add(address);
    }
  }

  /** Those that arrive on nodes as they are: ipMode VIP, which is also meant if it is absent. */
  static List<IpAddress> balancerIps(Service service, List<String> problems) {
    if (!ServiceTypes.isLoadBalancer(service.getSpec())
        || service.getStatus() == null
        || service.getStatus().getLoadBalancer() == null
        || service.getStatus().getLoadBalancer().getIngress() == null) {
      return List.of();
    }
    List<IpAddress> addresses = new ArrayList<>(1);
    for (LoadBalancerIngress ingress : service.getStatus().getLoadBalancer().getIngress()) {
      // Some balancers have a host name only.
      if (ingress == null || ingress.getIp() == null || ingress.getIp().isEmpty()) {
        continue;
      }
      String mode = ingress.getIpMode();
      switch (mode == null ? "VIP" : mode) {
        case "VIP" ->
            add(Fields.routed("status.loadBalancer.ingress", ingress.getIp(), problems), addresses);
        case "Proxy" -> {
          // Its packets come to node ports, and pods are sent to the balancer itself.
        }
        default ->
            problems.add(
                "status.loadBalancer.ingress has the ipMode " + mode + ", not VIP or Proxy");
      }
    }
    return addresses;
  }

  /** Null for everybody. What cannot be read admits nobody. */
  static @Nullable List<Cidr> sourceRanges(ServiceSpec spec, List<String> problems) {
    List<String> texts = spec.getLoadBalancerSourceRanges();
    if (texts == null || texts.isEmpty() || !ServiceTypes.isLoadBalancer(spec)) {
      return null;
    }
    List<Cidr> ranges = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        ranges.add(Cidr.parse(text == null ? "" : text));
      } catch (IllegalArgumentException e) {
        problems.add("spec.loadBalancerSourceRanges: " + e.getMessage());
      }
    }
    return ranges;
  }
}
