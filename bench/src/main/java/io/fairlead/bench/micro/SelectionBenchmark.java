package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a Service means on this node: its endpoints are selected and ordered. */
@State(Scope.Thread)
public class SelectionBenchmark {

  @Param({"10", "100", "1000"})
  public int endpoints;

  /** Which of them serve: all, those of our zone, or those of our node. */
  @Param({"cluster", "zone", "node"})
  public String reach = "cluster";

  private final ServiceNode node =
      new ServiceNode(SampleObjects.NODE, SampleObjects.ZONE, List.of(), true, false);
  private ServiceRecord service = SampleObjects.service(0, TrafficPolicy.CLUSTER);
  private List<EndpointSliceRecord> slices = List.of();

  @Setup
  public void fill() {
    boolean local = reach.equals("node");
    service = SampleObjects.service(0, local ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER);
    slices = SampleObjects.slices(0, endpoints, 0, reach.equals("zone"));
  }

  @Benchmark
  public ServiceFragment select() {
    return ServiceFragment.of(service, slices, node);
  }
}
