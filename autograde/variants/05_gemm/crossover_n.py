"""Right and wrong answers to the exercise crossover_n."""

# %% setup
import numpy as np


# %% right smallest_of_a_list
def crossover_n(cpu, gpu, link):
    def wins(n):
        one = transfer_seconds(n * n * 8, link["latency_s"], link["bytes_per_s"])
        return cpu[n] >= gpu[n] + one + one + one + one

    return min((n for n in cpu if n in gpu and wins(n)), default=None)


# %% right formula_written_out
def crossover_n(cpu, gpu, link):
    for n in sorted(gpu):
        if n not in cpu:
            continue
        there = 3 * (link["latency_s"] + 8 * n**2 / link["bytes_per_s"])
        back = link["latency_s"] + 8 * n**2 / link["bytes_per_s"]
        if there + gpu[n] + back <= cpu[n]:
            return n


# %% right arrays
def crossover_n(cpu, gpu, link):
    n = np.array(sorted(set(cpu) & set(gpu)))
    moved = 4 * (link["latency_s"] + n * n * 8 / link["bytes_per_s"])
    wins = np.array([gpu[int(each)] for each in n]) + moved <= np.array([cpu[int(each)] for each in n])
    return n[wins.argmax()] if wins.any() else None


# %% wrong transfers_forgotten -> transfers_count
def crossover_n(cpu, gpu, link):
    return min((n for n in cpu if n in gpu and gpu[n] <= cpu[n]), default=None)


# %% wrong no_way_back -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 3 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong only_the_factors_travel -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 2 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong elements_for_bytes -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 4 * transfer_seconds(n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong float32_by_default -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 4 * transfer_seconds(4 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong speed_up_upside_down -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        on_gpu = gpu[n] + 4 * transfer_seconds(8 * n**2, **link)
        if on_gpu / cpu[n] >= 1:
            return n
    return None


# %% wrong strictly_faster -> a_draw_is_no_slower
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) < cpu[n]:
            return n
    return None


# %% wrong one_latency -> every_transfer_has_its_latency
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + transfer_seconds(4 * 8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong largest -> transfers_count
def crossover_n(cpu, gpu, link):
    wins = [n for n in cpu if n in gpu and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]]
    return max(wins, default=None)


# %% wrong order_of_the_dict -> only_sizes_measured_on_both_count
def crossover_n(cpu, gpu, link):
    for n in cpu:
        if n in gpu and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong same_sizes_assumed -> only_sizes_measured_on_both_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong last_size_when_it_never_wins -> perhaps_the_gpu_never_wins
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            break
    return n


# %% wrong tables_zipped -> only_sizes_measured_on_both_count
def crossover_n(cpu, gpu, link):
    for (n, cpu_s), gpu_s in zip(sorted(cpu.items()), [gpu[m] for m in sorted(gpu)]):
        if gpu_s + 4 * transfer_seconds(8 * n**2, **link) <= cpu_s:
            return n
    return None


# %% wrong speed_up_returned -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        on_gpu = gpu[n] + 4 * transfer_seconds(8 * n**2, **link)
        if on_gpu <= cpu[n]:
            return cpu[n] / on_gpu
    return None


# %% wrong powers_of_two_and_ten_only -> crossovers_of_random_machines
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        common = n in (64, 128, 256, 512, 1024, 2048, 4096) or n % 100 == 0
        if common and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None
