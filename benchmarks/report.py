"""The figures as a markdown table and as a bar chart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.measure import Cost

_BAR, _ROW, _LABEL = 420, 22, 330


def table(costs: Sequence[Cost]) -> str:
    """One row a command, in the order in which they were measured."""
    rows = ["| command | wall ms | cpu ms | peak MiB |", "|---|---:|---:|---:|"]
    for cost in costs:
        wall, cpu = cost.wall * 1000, cost.cpu * 1000
        rows.append(f"| `{cost.name}` | {wall:.0f} | {cpu:.0f} | {cost.peak:.0f} |")
    return "\n".join(rows) + "\n"


def chart(costs: Sequence[Cost]) -> str:
    """Horizontal bars of the wall time, as SVG."""
    longest = max(cost.wall for cost in costs)
    height = _ROW * len(costs) + 10
    width = _LABEL + _BAR + 100
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for row, cost in enumerate(costs):
        top = row * _ROW + 5
        length = max(1, round(cost.wall / longest * _BAR))
        color = {"ours": "#2f6f4f", "floor": "#b0b0b0"}.get(cost.note, "#4a6fa5")
        end = _LABEL + length
        lines += [
            f'<text x="{_LABEL - 8}" y="{top + 14}" text-anchor="end">{escape(cost.name)}</text>',
            f'<rect x="{_LABEL}" y="{top + 3}" width="{length}" height="14" fill="{color}"/>',
            f'<text x="{end + 6}" y="{top + 14}">{cost.wall * 1000:.0f} ms</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"
