package io.fairlead.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.rules.ObjectText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long the lines of a watch are, as an API server double writes them: JSON, without the
 * managedFields that a real server adds.
 *
 * @param service bytes of a Service
 * @param slices bytes of an EndpointSlice by its number of endpoints
 */
record EventBytes(int service, SortedMap<Integer, Integer> slices) {

  private static final List<Integer> SIZES = List.of(2, 10, 100);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Writes objects to a server and reads them from its watches, over HTTP. */
  static EventBytes measure() throws IOException, InterruptedException {
    try (ApiServerDouble server = ApiServerDouble.start();
        HttpClient client = HttpClient.newHttpClient()) {
      server.create(ObjectText.service(0));
      URI services = server.uri().resolve("/api/v1/services?watch=true");
      int service = lines(client, services, 1).getFirst().length() + 1;
      SortedMap<Integer, Integer> slices = new TreeMap<>();
      for (int size : SIZES) {
        server.create(slice(size));
      }
      URI all = server.uri().resolve("/apis/discovery.k8s.io/v1/endpointslices?watch=true");
      for (String line : lines(client, all, SIZES.size())) {
        JsonNode endpoints = MAPPER.readTree(line).path("object").path("endpoints");
        slices.put(endpoints.size(), line.length() + 1);
      }
      return new EventBytes(service, slices);
    } catch (ApiFailure e) {
      throw new IOException("the API server double refused an object: " + e.getMessage(), e);
    }
  }

  private static String slice(int size) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      addresses.add("10.128.7." + (100 + i));
    }
    // Each under a name of its own.
    return ObjectText.slice(size, 0, addresses);
  }

  private static List<String> lines(HttpClient client, URI watch, int count)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(watch).timeout(LIMIT).build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      while (lines.size() < count) {
        String line = reader.readLine();
        if (line == null) {
          throw new IOException("the watch " + watch + " ended early");
        }
        lines.add(line);
      }
    }
    return lines;
  }

  /** Bytes of a slice with any number of endpoints, by the line through the two ends. */
  double slice(double endpoints) {
    double first = slices.firstKey();
    double last = slices.lastKey();
    double low = slices.getOrDefault(slices.firstKey(), 0);
    double high = slices.getOrDefault(slices.lastKey(), 0);
    return low + (high - low) * (endpoints - first) / (last - first);
  }

  /** "2: 812, 10: 2756, 100: 24626". */
  String text() {
    List<String> parts = new ArrayList<>();
    slices.forEach((size, bytes) -> parts.add(size + ": " + bytes));
    return String.join(", ", parts);
  }
}
