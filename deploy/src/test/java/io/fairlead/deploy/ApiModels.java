package io.fairlead.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ClusterRole;
import io.kubernetes.client.openapi.models.V1ClusterRoleBinding;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The schemas of the Kubernetes API, as the models generated from them have them: unknown fields,
 * missing ones and those of a wrong type are refused, at any depth. What an API server checks
 * beyond its schema is not looked at. Stateless.
 */
final class ApiModels {

  private interface Schema {
    void validate(JsonElement object) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "v1 ConfigMap", V1ConfigMap::validateJsonElement,
          "v1 Namespace", V1Namespace::validateJsonElement,
          "v1 Pod", V1Pod::validateJsonElement,
          "v1 ServiceAccount", V1ServiceAccount::validateJsonElement,
          "apps/v1 DaemonSet", V1DaemonSet::validateJsonElement,
          "batch/v1 Job", V1Job::validateJsonElement,
          "rbac.authorization.k8s.io/v1 ClusterRole", V1ClusterRole::validateJsonElement,
          "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
              V1ClusterRoleBinding::validateJsonElement);

  private ApiModels() {}

  /** What is wrong with an object; empty if its schema takes it. */
  static Optional<String> problem(JsonNode object) {
    String kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
    Schema schema = SCHEMAS.get(kind);
    if (schema == null) {
      return Optional.of("no schema of " + kind + " is at hand");
    }
    try {
      schema.validate(JsonParser.parseString(object.toString()));
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of(kind + ": " + e.getMessage());
    }
  }
}
