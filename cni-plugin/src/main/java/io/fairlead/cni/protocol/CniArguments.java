package io.fairlead.cni.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CNI_ARGS: "KEY=VALUE" pairs separated by semicolons, as kubelets and runtimes set them.
 *
 * @param values every pair, in the order given
 */
public record CniArguments(Map<String, String> values) {

  /** The keys with a meaning here; any other needs IgnoreUnknown. */
  private static final Set<String> KNOWN =
      Set.of(
          "IgnoreUnknown",
          "IP",
          "MAC",
          "K8S_POD_NAMESPACE",
          "K8S_POD_NAME",
          "K8S_POD_INFRA_CONTAINER_ID",
          "K8S_POD_UID");

  /** What Kubernetes makes of a UID, and of the hash that stands for one in static pods. */
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Names of objects (RFC 1123 subdomains), and of whoever else has pods. */
  private static final Pattern OBJECT_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");

  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  public static final CniArguments NONE = new CniArguments(Map.of());

  public CniArguments {
    values = Map.copyOf(values);
  }

  /**
   * @throws CniException INVALID_ENVIRONMENT for a part that is no pair, and for an unknown key
   *     unless IgnoreUnknown is set
   */
  static CniArguments parse(String text) throws CniException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (pair.isBlank()) {
        continue;
      }
      if (equals <= 0) {
        throw new CniException(
            CniErrorCode.INVALID_ENVIRONMENT,
            "CNI_ARGS holds \"" + pair + "\", which is not of the form KEY=VALUE");
      }
      values.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    if (!TRUE.contains(values.getOrDefault("IgnoreUnknown", ""))) {
      for (String key : values.keySet()) {
        if (!KNOWN.contains(key)) {
          throw new CniException(
              CniErrorCode.INVALID_ENVIRONMENT,
              "CNI_ARGS holds the unknown key \"" + key + "\"; add IgnoreUnknown=1 to allow it");
        }
      }
    }
    return new CniArguments(values);
  }

  /**
   * "namespace/name" of the pod, or null if the runtime did not say, or said what cannot be one.
   */
  public @Nullable String pod() {
    String namespace = values.getOrDefault("K8S_POD_NAMESPACE", "");
    String name = values.getOrDefault("K8S_POD_NAME", "");
    return isObjectName(namespace) && isObjectName(name) ? namespace + "/" + name : null;
  }

  /** What is kept of a pod's name is one word: in leases, and in the alias of its link. */
  private static boolean isObjectName(String text) {
    return OBJECT_NAME.matcher(text).matches();
  }

  /** The pod's UID; empty if the runtime did not say, or said what cannot be one. */
  public String podUid() {
    String uid = values.getOrDefault("K8S_POD_UID", "");
    return UID.matcher(uid).matches() ? uid : "";
  }
}
