package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One endpoint is replaced, of another Service each time: from records to the transaction, all that
 * lies between the event and the message. Each Service has two endpoints.
 */
@State(Scope.Thread)
public class ServiceChangeBenchmark {

  private static final List<Cidr> PODS = List.of(Cidr.parse("10.244.1.0/24"));
  private static final List<Cidr> CLUSTER = List.of(Cidr.parse("10.244.0.0/16"));
  private static final int ENDPOINTS = 2;

  /** Far from the one before, so that the processor's caches are of no more use than they are. */
  private static final int STRIDE = 617;

  @Param({"100", "10000"})
  public int services;

  private final AddressClaims claims = new AddressClaims();
  private final AcceptingKernel kernel = new AcceptingKernel();
  private final NftablesServices backend =
      new NftablesServices(
          kernel, claims, new NodeNetwork(PODS, CLUSTER, List.of()), ServiceSettings.ofPods(PODS));
  private final ServiceNode node = ServiceNode.named(SampleObjects.NODE);
  private final List<ServiceRecord> records = new ArrayList<>();

  /** The slices of each Service, before and after. */
  private final List<List<List<EndpointSliceRecord>>> slices = new ArrayList<>();

  private int next;
  private int round;

  @Setup
  public void load() throws IOException {
    for (int i = 0; i < services; i++) {
      records.add(SampleObjects.service(i, TrafficPolicy.CLUSTER));
      slices.add(
          List.of(
              SampleObjects.slices(i, ENDPOINTS, 0, false),
              SampleObjects.slices(i, ENDPOINTS, 16, false)));
      backend.update(change(i));
    }
    backend.commit();
    round = 1;
  }

  private ServiceChange change(int service) {
    ServiceRecord record = records.get(service);
    List<EndpointSliceRecord> current = slices.get(service).get(round % 2);
    return claims.update(record.key(), ServiceFragment.of(record, current, node));
  }

  @Benchmark
  public long replaceEndpoint() throws IOException {
    backend.update(change((int) ((long) next * STRIDE % services)));
    backend.commit();
    next++;
    if (next == services) {
      next = 0;
      round++;
    }
    return kernel.operations();
  }
}
