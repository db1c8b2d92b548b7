package io.fairlead.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiServerRequestTest {

  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";

  private ApiServerDouble server;
  private ApiClient client;

  @BeforeEach
  void start() throws Exception {
    server = ApiServerDouble.start();
    client = new ApiClient(server.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }

  @Test
  void whatIsCreatedGetsWhatTheServerAssigns() throws Exception {
    String body =
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"a","uid":"mine"},"spec":{"x":1}}
        """;
    ApiClient.Answer created = client.send("POST", SERVICES, body);
    assertThat(created.status()).isEqualTo(201);
    JsonNode metadata = created.body().path("metadata");
    assertThat(metadata.path("namespace").asText()).isEqualTo("default");
    assertThat(metadata.path("uid").asText()).hasSize(36);
    assertThat(metadata.path("creationTimestamp").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(created.version()).isEqualTo("1001").isEqualTo("" + server.version());
    assertThat(client.get(SERVICES + "/a").body()).isEqualTo(created.body());

    ApiClient.Answer again = client.send("POST", SERVICES, body);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.reason()).isEqualTo("AlreadyExists");
    assertThat(again.body().path("message").asText()).isEqualTo("services \"a\" already exists");
  }

  @Test
  void updatesNeedTheLatestVersionIfTheyNameOne() throws Exception {
    server.create(ApiObjects.node("n", "10.244.1.0/24"));
    JsonNode first = client.get("/api/v1/nodes/n").body();
    String second = first.toString().replace("10.244.1.0/24", "10.244.2.0/24");
    ApiClient.Answer updated = client.send("PUT", "/api/v1/nodes/n", second);
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.version()).isEqualTo("1002");
    assertThat(updated.body().path("metadata").path("uid"))
        .isEqualTo(first.path("metadata").path("uid"));

    ApiClient.Answer stale = client.send("PUT", "/api/v1/nodes/n", second);
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.reason()).isEqualTo("Conflict");

    ApiClient.Answer same = client.send("PUT", "/api/v1/nodes/n", updated.body().toString());
    assertThat(same.status()).isEqualTo(200);
    assertThat(same.version()).as("what changes nothing is no write").isEqualTo("1002");
    assertThat(server.history()).hasSize(2);
  }

  @Test
  void patchesTouchNothingElse() throws Exception {
    server.create(ApiObjects.node("n", "10.244.1.0/24"));
    ApiClient.Answer merged =
        client.send(
            "PATCH",
            "/api/v1/nodes/n",
            "{\"metadata\":{\"annotations\":{\"fairlead.io/vtep-mac\":\"0a:00:00:00:00:01\"}}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(merged.status()).isEqualTo(200);
    assertThat(merged.body().at("/metadata/annotations").toString())
        .isEqualTo("{\"kept\":\"yes\",\"fairlead.io/vtep-mac\":\"0a:00:00:00:00:01\"}");
    assertThat(merged.body().at("/spec/podCIDR").asText()).isEqualTo("10.244.1.0/24");

    ApiClient.Answer removed =
        client.send(
            "PATCH",
            "/api/v1/nodes/n",
            "{\"metadata\":{\"annotations\":{\"kept\":null}}}",
            "Content-Type",
            "application/merge-patch+json; charset=utf-8");
    assertThat(removed.body().at("/metadata/annotations").has("kept")).isFalse();

    String addresses =
        "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.9\"},"
            + "{\"type\":\"Hostname\",\"address\":\"n\"}]}}";
    ApiClient.Answer strategic =
        client.send(
            "PATCH",
            "/api/v1/nodes/n",
            addresses.replace("{\"type\":\"InternalIP\",\"address\":\"10.0.0.9\"},", ""),
            "Content-Type",
            "application/strategic-merge-patch+json");
    assertThat(strategic.body().at("/status/addresses")).as("merged by type").hasSize(2);
    ApiClient.Answer replaced =
        client.send(
            "PATCH", "/api/v1/nodes/n", addresses, "Content-Type", "application/merge-patch+json");
    assertThat(replaced.body().at("/status/addresses/0/address").asText()).isEqualTo("10.0.0.9");

    ApiClient.Answer unknown =
        client.send(
            "PATCH", "/api/v1/nodes/n", "[]", "Content-Type", "application/json-patch+json");
    assertThat(unknown.status()).isEqualTo(415);
    ApiClient.Answer conflict =
        client.send(
            "PATCH",
            "/api/v1/nodes/n",
            "{\"metadata\":{\"resourceVersion\":\"1001\",\"labels\":{\"a\":\"b\"}}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(conflict.status()).isEqualTo(409);
  }

  @Test
  void deletionsAndWhatIsNotThere() throws Exception {
    server.create(ApiObjects.service("a"));
    ApiClient.Answer deleted = client.send("DELETE", SERVICES + "/a", "");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.body().path("status").asText()).isEqualTo("Success");
    ApiClient.Answer gone = client.get(SERVICES + "/a");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.body().path("message").asText()).isEqualTo("services \"a\" not found");
    assertThat(client.send("DELETE", SERVICES + "/a", "").status()).isEqualTo(404);
    assertThat(client.get("/api/v1/secrets").status()).isEqualTo(404);
    assertThat(client.get("/api/v1").status()).isEqualTo(404);
    assertThat(client.get("/nothing").reason()).isEqualTo("NotFound");
  }

  @Test
  void badRequestsAreAnsweredAsSuch() throws Exception {
    assertThat(client.send("POST", SERVICES, "{").status()).isEqualTo(400);
    assertThat(client.send("POST", SERVICES, "[]").status()).isEqualTo(400);
    assertThat(client.send("POST", SERVICES, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}").status())
        .isEqualTo(400);
    assertThat(
            client.send("POST", SERVICES, "{\"apiVersion\":\"v1\",\"kind\":\"Service\"}").status())
        .isEqualTo(422);
    assertThat(client.send("POST", SERVICES + "/a", "{}").status()).isEqualTo(405);
    assertThat(client.get(SERVICES + "?labelSelector=" + ApiClient.encode("a in b")).status())
        .isEqualTo(400);
    assertThat(client.get(SERVICES + "?limit=-1").status()).isEqualTo(400);
    ApiClient.Answer future = client.get(SERVICES + "?resourceVersion=999999");
    assertThat(future.status()).isEqualTo(504);
  }

  @Test
  void listsAreWholeAndByNamespaceAndSelector() throws Exception {
    server.create(ApiObjects.service("default", "a", "app: web, tier: front"));
    server.create(ApiObjects.service("default", "b", "app: db"));
    server.create(ApiObjects.service("other", "c", "app: web"));
    server.create(ApiObjects.slice("a-1", "a", "10.244.1.2"));

    JsonNode all = client.get("/api/v1/services").body();
    assertThat(all.path("kind").asText()).isEqualTo("ServiceList");
    assertThat(names(all)).containsExactly("a", "b", "c");
    assertThat(all.at("/metadata/resourceVersion").asText()).isEqualTo("1004");
    assertThat(all.at("/items/0").has("kind")).as("members do not repeat the kind").isFalse();
    assertThat(names(client.get(SERVICES).body())).containsExactly("a", "b");
    assertThat(names(client.get(SLICES).body())).containsExactly("a-1");
    assertThat(names(client.get("/api/v1/nodes").body())).isEmpty();

    assertThat(selected("app=web")).containsExactly("a", "c");
    assertThat(selected("app==web,tier")).containsExactly("a");
    assertThat(selected("app!=web")).containsExactly("b");
    assertThat(selected("tier!=front")).as("no label is not that label").containsExactly("b", "c");
    assertThat(selected("!tier")).containsExactly("b", "c");
    assertThat(selected("!service.kubernetes.io/headless,!tier")).containsExactly("b", "c");
    assertThat(selected("app in (web, db),tier notin (front)")).containsExactly("b", "c");
    assertThat(selected("app in ()")).isEmpty();
    assertThat(names(client.get("/api/v1/services?fieldSelector=metadata.name%3Db").body()))
        .containsExactly("b");
  }

  @Test
  void kindsOfPoliciesAreServedAndPodsAreSelectedByFields() throws Exception {
    server.create(ApiObjects.pod("a", "10.244.1.1", "Running"));
    server.create(ApiObjects.pod("b", "10.244.1.2", "Succeeded"));
    server.create(ApiObjects.pod("c", "10.244.1.3", "Failed"));
    server.create(ApiObjects.namespace("shop", ""));
    server.create(ApiObjects.networkPolicy("guard", "podSelector: {}"));
    assertThat(names(client.get("/api/v1/pods").body())).containsExactly("a", "b", "c");
    assertThat(names(client.get("/api/v1/namespaces/shop/pods").body())).hasSize(3);
    assertThat(names(client.get("/api/v1/namespaces").body())).containsExactly("shop");
    assertThat(client.get("/api/v1/namespaces/shop").status()).isEqualTo(200);
    assertThat(names(client.get("/apis/networking.k8s.io/v1/networkpolicies").body()))
        .containsExactly("guard");
    String fields = "/api/v1/pods?fieldSelector=";
    assertThat(names(client.get(fields + "status.phase!%3DSucceeded").body()))
        .containsExactly("a", "c");
    assertThat(
            names(
                client
                    .get(fields + ApiClient.encode("status.phase!=Succeeded,status.phase!=Failed"))
                    .body()))
        .containsExactly("a");
    assertThat(names(client.get(fields + "spec.nodeName%3Dn2").body())).isEmpty();
    assertThat(client.get(SERVICES + "?fieldSelector=status.phase%3DRunning").status())
        .as("a field of another kind")
        .isEqualTo(400);
  }

  private List<String> selected(String selector) throws Exception {
    ApiClient.Answer answer =
        client.get("/api/v1/services?labelSelector=" + ApiClient.encode(selector));
    assertThat(answer.status()).isEqualTo(200);
    return names(answer.body());
  }

  @Test
  void pagesShowOneStateUntilTheirTokenExpires() throws Exception {
    for (int i = 0; i < 5; i++) {
      server.create(ApiObjects.service("s" + i));
    }
    JsonNode first = client.get(SERVICES + "?limit=2").body();
    assertThat(names(first)).containsExactly("s0", "s1");
    assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    server.create(ApiObjects.service("s9"));
    server.delete(ApiResource.SERVICES, "default", "s3");

    String token = first.at("/metadata/continue").asText();
    JsonNode second = client.get(SERVICES + "?limit=2&continue=" + token).body();
    assertThat(names(second)).as("the state of the first page").containsExactly("s2", "s3");
    assertThat(second.at("/metadata/resourceVersion"))
        .isEqualTo(first.at("/metadata/resourceVersion"));
    String last = second.at("/metadata/continue").asText();
    JsonNode third = client.get(SERVICES + "?limit=2&continue=" + last).body();
    assertThat(names(third)).containsExactly("s4");
    assertThat(third.at("/metadata").has("continue")).isFalse();

    server.expireContinueTokens();
    ApiClient.Answer expired = client.get(SERVICES + "?limit=2&continue=" + token);
    assertThat(expired.status()).isEqualTo(410);
    assertThat(expired.reason()).isEqualTo("Expired");
  }

  @Test
  void theServerCanFailAndGoDownAndComeBack() throws Exception {
    server.create(ApiObjects.service("a"));
    server.faults().failRequests(503);
    assertThat(client.get(SERVICES).status()).isEqualTo(503);
    assertThat(client.get("/readyz").status()).isEqualTo(503);
    server.faults().failRequests(0);
    assertThat(client.get(SERVICES).status()).isEqualTo(200);
    server.goDown();
    assertThat(catchException(() -> client.get(SERVICES))).isInstanceOf(java.io.IOException.class);
    server.create(ApiObjects.service("b"));
    server.comeBack();
    assertThat(names(client.get(SERVICES).body())).containsExactly("a", "b");
    assertThat(server.requests())
        .extracting(ApiRequest::status)
        .containsExactly(503, 503, 200, 200);
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static Exception catchException(Attempt attempt) {
    try {
      attempt.run();
    } catch (Exception e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }
}
