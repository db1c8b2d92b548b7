package io.fairlead.bench.effort;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.rules.Backend;
import io.fairlead.bench.rules.Population;
import io.fairlead.bench.rules.Records;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A population of Services in one backend; what is counted begins with the records in hand. */
public final class ServiceSubject implements Subject {

  private static final long SEED = 20_260_107;
  private static final ServiceNode NODE = ServiceNode.named("node-1");

  /** After it, an endpoint that left without a connection is looked after. */
  private static final long DRAINED_MILLIS = 1500;

  /** A round takes one endpoint away by replacing it, and one by scaling. */
  private static final String FOLLOWS = "what follows a round later";

  private final Backend backend;
  private final Population population;
  private final LabNamespace namespace;
  private final Backend.Opened opened;
  private final long thread;
  private final AddressClaims claims = new AddressClaims();
  private final Records records = new Records();
  private final Random random = new Random(SEED);
  private final Map<Integer, List<String>> changed = new HashMap<>();
  private int fresh;

  private ServiceSubject(Backend backend, Population population, LabNamespace namespace)
      throws IOException, InterruptedException {
    this.backend = backend;
    this.population = population;
    this.namespace = namespace;
    this.opened = namespace.call(() -> backend.open(claims, namespace));
    this.thread = namespace.call(() -> Thread.currentThread().threadId());
  }

  /** Opens the backend and brings the population into the kernel. */
  public static ServiceSubject create(Backend backend, Population population, EffortMeter meter)
      throws IOException, InterruptedException {
    LabNamespace namespace = LabNamespace.create("effort-" + backend.title());
    try {
      ServiceSubject made = new ServiceSubject(backend, population, namespace);
      try {
        made.load(meter);
        return made;
      } catch (IOException | InterruptedException | RuntimeException e) {
        made.opened.close();
        throw e;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  @Override
  public String title() {
    return backend.contender() + ", " + population.title();
  }

  private Map<String, String> parameters() {
    return population.parameters(backend.contender());
  }

  private void load(EffortMeter meter) throws IOException, InterruptedException {
    List<ServiceRecord> services = new ArrayList<>();
    List<List<EndpointSliceRecord>> slices = new ArrayList<>();
    for (int i = 0; i < population.services(); i++) {
      services.add(records.service(i));
      slices.add(records.slices(i, population.addresses(i)));
    }
    count(
        meter,
        "first sync",
        () -> {
          for (int i = 0; i < services.size(); i++) {
            update(services.get(i), slices.get(i));
          }
          return opened.commit().size();
        });
  }

  private void update(ServiceRecord record, @Nullable List<EndpointSliceRecord> slices) {
    ServiceFragment fragment = slices == null ? null : ServiceFragment.of(record, slices, NODE);
    opened.backend().update(claims.update(record.key(), fragment));
  }

  @Override
  public void round(EffortMeter meter) throws IOException, InterruptedException {
    int service = random.nextInt(population.services());
    List<String> addresses = changed.computeIfAbsent(service, population::addresses);
    addresses.set(random.nextInt(addresses.size()), Population.freshAddress(fresh++));
    change(meter, "endpoint replaced", service, addresses);
    addresses.add(Population.freshAddress(fresh++));
    change(meter, "scaled up by one", service, addresses);
    addresses.removeLast();
    change(meter, "scaled down by one", service, addresses);
    int another = population.services();
    change(meter, "Service added", another, population.addresses(another));
    change(meter, "Service deleted", another, null);
  }

  private void change(
      EffortMeter meter, String change, int service, @Nullable List<String> addresses)
      throws IOException, InterruptedException {
    ServiceRecord record = records.service(service);
    List<EndpointSliceRecord> slices =
        addresses == null ? null : records.slices(service, addresses);
    settle();
    count(
        meter,
        change,
        () -> {
          update(record, slices);
          List<String> taken = opened.commit();
          if (taken.isEmpty()) {
            throw new IOException(title() + " had nothing to do for: " + change);
          }
          return taken.size();
        });
  }

  /** Endpoints that left are looked after, as the agent does when their time has come. */
  private long settle() throws IOException, InterruptedException {
    return namespace.call(() -> opened.backend().isPending() ? opened.commit().size() : 0L);
  }

  @Override
  public void finish(EffortMeter meter, int rounds) throws IOException, InterruptedException {
    if (backend != Backend.IPVS) {
      return; // The others keep nothing for later.
    }
    Thread.sleep(DRAINED_MILLIS);
    meter.change(thread, parameters(), FOLLOWS, rounds, this::settle);
  }

  private void count(EffortMeter meter, String change, EffortMeter.Step step)
      throws IOException, InterruptedException {
    Map<String, String> parameters = parameters();
    namespace.call(() -> {
      meter.change(thread, parameters, change, step);
      return change;
    });
  }

  @Override
  public void close() {
    opened.close();
    namespace.close();
  }
}
