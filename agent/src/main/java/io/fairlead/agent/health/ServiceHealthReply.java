package io.fairlead.agent.health;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.agent.server.Reply;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.Map;

/**
 * What a Service's health check node port answers: kube-proxy's JSON and headers
 * (pkg/proxy/healthcheck service_health.go), which cloud load balancers read.
 *
 * @param localEndpoints ready ones on this node
 */
record ServiceHealthReply(Name service, int localEndpoints, boolean serviceProxyHealthy) {

  private static final ObjectMapper JSON = new ObjectMapper();

  record Name(String namespace, String name) {}

  static Reply of(ObjectKey service, int localEndpoints, boolean proxyHealthy) {
    ServiceHealthReply reply =
        new ServiceHealthReply(
            new Name(service.namespace(), service.name()), localEndpoints, proxyHealthy);
    try {
      return new Reply(
          localEndpoints > 0 && proxyHealthy ? 200 : 503,
          "application/json",
          JSON.writeValueAsString(reply),
          Map.of(
              "X-Content-Type-Options",
              "nosniff",
              "X-Load-Balancing-Endpoint-Weight",
              Integer.toString(localEndpoints)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
