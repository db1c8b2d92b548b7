package io.fairlead.bench.api;

import java.io.IOException;

/** Pods as their creator and the scheduler leave them, before a runtime attaches them. */
public final class ApiPods {

  private ApiPods() {}

  /**
   * Creates a Pod of the namespace "default" on a node.
   *
   * @return its UID, which the runtime has to name
   */
  public static String create(ApiServerDouble api, String name, String node) throws IOException {
    String pod =
        """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"nodeName": "%s", "containers": [{"name": "main"}]},
         "status": {"phase": "Pending"}}
        """
            .formatted(name, node);
    try {
      return api.create(pod).object().path("metadata").path("uid").asText();
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a Pod: " + e.getMessage(), e);
    }
  }
}
