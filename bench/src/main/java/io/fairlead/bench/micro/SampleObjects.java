package io.fairlead.bench.micro;

import io.fairlead.bench.rules.ObjectText;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;

/** Objects that benchmarks work on. Services and endpoints are numbered from 0. */
final class SampleObjects {

  static final String NODE = "node-1";
  static final String ZONE = "zone-a";

  private static final int SLICE_SIZE = 100;

  /** Every so many endpoints one is on this node, or in this zone. */
  private static final int NODES = 10;

  private static final int ZONES = 3;

  private SampleObjects() {}

  /** An EndpointSlice as an API server sends it. */
  static String sliceJson(int endpoints) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      addresses.add("10.128." + (i >> 8) + "." + (i & 255));
    }
    return ObjectText.slice(0, 0, addresses);
  }

  static ServiceRecord service(int service, TrafficPolicy internal) {
    return new ServiceRecord(
        new ObjectKey("default", "service-" + service),
        0,
        List.of(IpAddress.parse("10.96." + (1 + service / 250) + "." + (1 + service % 250))),
        List.of(),
        List.of(),
        null,
        List.of(new ServicePortRecord("web", Protocol.TCP, 80)),
        internal,
        TrafficPolicy.CLUSTER,
        0,
        0,
        "");
  }

  /**
   * The slices of a Service, whose endpoints are spread over nodes and zones.
   *
   * @param generation other addresses for each number
   * @param hinted whether each endpoint is for its zone
   */
  static List<EndpointSliceRecord> slices(
      int service, int endpoints, int generation, boolean hinted) {
    ObjectKey key = new ObjectKey("default", "service-" + service);
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (int from = 0; from < endpoints; from += SLICE_SIZE) {
      List<Endpoint> own = new ArrayList<>();
      for (int i = from; i < Math.min(from + SLICE_SIZE, endpoints); i++) {
        own.add(endpoint(service * endpoints + i, i == 0 ? generation : 0, hinted));
      }
      slices.add(
          new EndpointSliceRecord(
              new ObjectKey("default", key.name() + "-" + from),
              key,
              AddressFamily.IPV4,
              List.of(new EndpointPort("web", Protocol.TCP, 8080)),
              own));
    }
    return slices;
  }

  private static Endpoint endpoint(int number, int generation, boolean hinted) {
    String address =
        "10."
            + (128 + generation + (number >> 16))
            + "."
            + (number >> 8 & 255)
            + "."
            + (number & 255);
    String zone = "zone-" + (char) ('a' + number % ZONES);
    return new Endpoint(
        IpAddress.parse(address),
        true,
        true,
        false,
        "node-" + (1 + number % NODES),
        hinted ? new Hints(List.of(), List.of(zone)) : Hints.NONE);
  }
}
