package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.ipvs.Scheduling;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a Service chooses endpoints; what is absent or unknown is as the API's defaults have it. */
final class ServicePolicies {

  /** DefaultClientIPServiceAffinitySeconds of k8s.io/api core/v1. */
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

  /** MaxClientIPServiceAffinitySeconds of k8s.io/kubernetes pkg/apis/core. */
  private static final int LONGEST_AFFINITY_SECONDS = 86_400;

  private ServicePolicies() {}

  static TrafficPolicy internal(ServiceSpec spec, List<String> problems) {
    return policy("spec.internalTrafficPolicy", spec.getInternalTrafficPolicy(), problems);
  }

  /** Says nothing for a Service that clients outside the cluster cannot reach. */
  static TrafficPolicy external(ServiceSpec spec, boolean hasExternalIps, List<String> problems) {
    TrafficPolicy policy =
        policy("spec.externalTrafficPolicy", spec.getExternalTrafficPolicy(), problems);
    return ServiceTypes.hasNodePorts(spec) || hasExternalIps ? policy : TrafficPolicy.CLUSTER;
  }

  private static TrafficPolicy policy(String place, @Nullable String given, List<String> problems) {
    return switch (given) {
      case null -> TrafficPolicy.CLUSTER;
      case "", "Cluster" -> TrafficPolicy.CLUSTER;
      case "Local" -> TrafficPolicy.LOCAL;
      default -> {
        problems.add(place + " is \"" + given + "\", not Cluster or Local");
        yield TrafficPolicy.CLUSTER;
      }
    };
  }

  /** 0 without session affinity. */
  static int affinitySeconds(ServiceSpec spec, List<String> problems) {
    String given = spec.getSessionAffinity();
    return switch (given) {
      case null -> 0;
      case "", "None" -> 0;
      case "ClientIP" -> timeoutSeconds(spec, problems);
      default -> {
        problems.add("spec.sessionAffinity is \"" + given + "\", not ClientIP or None");
        yield 0;
      }
    };
  }

  /**
   * What the annotation asks for, whatever the mode; empty without one, and for one that is no
   * scheduler.
   */
  static String ipvsScheduler(Service service, List<String> problems) {
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    String given = annotations == null ? null : annotations.get(Labels.IPVS_SCHEDULER);
    if (given == null || given.isBlank()) {
      return "";
    }
    try {
      return Scheduling.parse(given).toString();
    } catch (IllegalArgumentException e) {
      problems.add("annotation " + Labels.IPVS_SCHEDULER + ": " + e.getMessage());
      return "";
    }
  }

  private static int timeoutSeconds(ServiceSpec spec, List<String> problems) {
    if (spec.getSessionAffinityConfig() == null
        || spec.getSessionAffinityConfig().getClientIP() == null
        || spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds() == null) {
      return DEFAULT_AFFINITY_SECONDS;
    }
    int seconds = spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds();
    if (seconds < 1 || seconds > LONGEST_AFFINITY_SECONDS) {
      problems.add(
          "spec.sessionAffinityConfig.clientIP.timeoutSeconds is "
              + seconds
              + ", not 1 to "
              + LONGEST_AFFINITY_SECONDS);
      return DEFAULT_AFFINITY_SECONDS;
    }
    return seconds;
  }
}
