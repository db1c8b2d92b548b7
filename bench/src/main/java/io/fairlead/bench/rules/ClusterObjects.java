package io.fairlead.bench.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiServerDouble;
import java.io.IOException;
import java.util.List;

/** Puts a population into an API server's store, without HTTP: millions of endpoints in seconds. */
final class ClusterObjects {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What an endpoint takes of the API server's memory, as raw text, with room to send it. */
  private static final long BYTES_PER_ENDPOINT = 600;

  private static final long BYTES_PER_SERVICE = 12_000;

  private ClusterObjects() {}

  /**
   * Loads everything; the history of it is forgotten.
   *
   * @throws IOException if this JVM's heap is too small for it
   */
  static void load(ApiServerDouble api, Population population) throws IOException {
    requireMemory(population);
    try {
      for (int service = 0; service < population.services(); service++) {
        api.create(object(ObjectText.service(service)));
        List<String> addresses = population.addresses(service);
        for (int from = 0, slice = 0; from < addresses.size(); slice++) {
          int to = Math.min(from + ObjectText.SLICE_SIZE, addresses.size());
          ObjectNode made = object(ObjectText.slice(service, slice, List.of()));
          String endpoints = ObjectText.endpoints(addresses.subList(from, to));
          made.putRawValue("endpoints", new RawValue("[" + endpoints + "]"));
          api.create(made);
          from = to;
        }
      }
    } catch (ApiFailure e) {
      throw new IOException("the API server refused an object: " + e.getMessage(), e);
    }
    // Its history holds all objects once more.
    api.compact();
  }

  private static ObjectNode object(String text) throws IOException {
    return JSON.readValue(text, ObjectNode.class);
  }

  private static void requireMemory(Population population) throws IOException {
    long endpoints = (long) population.services() * population.endpoints();
    long needed = endpoints * BYTES_PER_ENDPOINT + population.services() * BYTES_PER_SERVICE;
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new IOException(
          "an API server with %s needs about %d MB of heap, and this JVM has %d; set"
                  .formatted(population.title(), needed / 1_000_000, heap / 1_000_000)
              + " FAIRLEAD_BENCH_JAVA_OPTIONS=-Xmx"
              + (needed / 1_000_000 + 500)
              + "m, or take fewer endpoints");
    }
  }
}
