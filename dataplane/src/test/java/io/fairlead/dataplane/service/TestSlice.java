package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slices out of short words. */
final class TestSlice {

  private TestSlice() {}

  /**
   * A slice of Service default/web that serves TCP 8080 under no name.
   *
   * @param endpoints separated by semicolons, each as {@link #endpoint} reads it
   */
  static EndpointSliceRecord of(String name, @Nullable String endpoints) {
    return of(name, endpoints, new EndpointPort("", Protocol.TCP, 8080));
  }

  static EndpointSliceRecord of(String name, @Nullable String endpoints, EndpointPort... ports) {
    List<Endpoint> read =
        endpoints == null || endpoints.isBlank()
            ? List.of()
            : Arrays.stream(endpoints.split(";", -1)).map(TestSlice::endpoint).toList();
    AddressFamily family = read.isEmpty() ? AddressFamily.IPV4 : read.getFirst().address().family();
    return new EndpointSliceRecord(
        new ObjectKey("default", name),
        new ObjectKey("default", "web"),
        family,
        List.of(ports),
        read);
  }

  /**
   * "10.244.1.1", "10.244.1.1@node-1", and after it in any order a state and hints, "node:node-1"
   * or "zone:a". The states are ready (where none is given), unready, draining (terminating, but
   * still serving), stopping (terminating) and published (terminating, yet ready, as
   * publishNotReadyAddresses makes it).
   */
  static Endpoint endpoint(String text) {
    List<String> words = TestService.words(text);
    String[] place = words.getFirst().split("@", -1);
    List<String> nodes = new ArrayList<>();
    List<String> zones = new ArrayList<>();
    String state = "ready";
    for (String word : words.subList(1, words.size())) {
      if (word.startsWith("node:")) {
        nodes.add(word.substring(5));
      } else if (word.startsWith("zone:")) {
        zones.add(word.substring(5));
      } else {
        state = word;
      }
    }
    if (!List.of("ready", "unready", "draining", "stopping", "published").contains(state)) {
      throw new IllegalArgumentException("no state: " + state);
    }
    return new Endpoint(
        IpAddress.parse(place[0]),
        state.equals("ready") || state.equals("published"),
        state.equals("ready") || state.equals("draining") || state.equals("published"),
        state.equals("draining") || state.equals("stopping") || state.equals("published"),
        place.length == 1 ? null : place[1],
        new Hints(nodes, zones));
  }
}
