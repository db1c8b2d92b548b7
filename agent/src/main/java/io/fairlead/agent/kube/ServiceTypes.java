package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.ServiceSpec;

/** What the type of a Service lets it have; a field that belongs to another type is stale. */
final class ServiceTypes {

  private ServiceTypes() {}

  static boolean isLoadBalancer(ServiceSpec spec) {
    return "LoadBalancer".equals(spec.getType());
  }

  /** Load balancers reach nodes by node ports, so that their Services have them too. */
  static boolean hasNodePorts(ServiceSpec spec) {
    return isLoadBalancer(spec) || "NodePort".equals(spec.getType());
  }
}
