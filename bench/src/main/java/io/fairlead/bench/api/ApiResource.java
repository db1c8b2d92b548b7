package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.dataplane.model.ObjectKey;

/** The kinds that are served. */
public enum ApiResource {
  SERVICES("v1", "Service", "services", true),
  NODES("v1", "Node", "nodes", false),
  EVENTS("v1", "Event", "events", true),
  REPORTED_EVENTS("events.k8s.io/v1", "Event", "events", true),
  SERVICE_CIDRS("networking.k8s.io/v1", "ServiceCIDR", "servicecidrs", false),
  PODS("v1", "Pod", "pods", true),
  NAMESPACES("v1", "Namespace", "namespaces", false),
  NETWORK_POLICIES("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
  ENDPOINT_SLICES("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true);

  private final String apiVersion;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  ApiResource(String apiVersion, String kind, String plural, boolean namespaced) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  public String apiVersion() {
    return apiVersion;
  }

  public String kind() {
    return kind;
  }

  public String plural() {
    return plural;
  }

  public boolean isNamespaced() {
    return namespaced;
  }

  /** Whether a field selector may name this field, such as "metadata.name". */
  boolean selectsBy(String field) {
    return switch (field) {
      case "metadata.name" -> true;
      case "metadata.namespace" -> namespaced;
      // pkg/registry/core/pod strategy.go of k8s.io/kubernetes knows more of them.
      case "status.phase", "spec.nodeName" -> this == PODS;
      default -> false;
    };
  }

  /** "/api/v1" or "/apis/group/version". */
  String root() {
    return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion;
  }

  /** The empty group for core kinds. */
  String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /**
   * The resource that an object belongs to, by its apiVersion and kind.
   *
   * @throws ApiFailure if it is not one of these
   */
  static ApiResource of(JsonNode object) throws ApiFailure {
    String apiVersion = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    for (ApiResource resource : values()) {
      if (resource.apiVersion.equals(apiVersion) && resource.kind.equals(kind)) {
        return resource;
      }
    }
    throw ApiFailure.badRequest("no such kind is served: " + apiVersion + " " + kind);
  }

  /** The key of an object of this kind, by its metadata. */
  ObjectKey key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asText();
    return namespaced
        ? new ObjectKey(metadata.path("namespace").asText("default"), name)
        : ObjectKey.cluster(name);
  }
}
