import pytest

from edge.temperature import hottest_c


@pytest.mark.parametrize(
    ("story", "sensors", "hottest"),
    [
        ("a machine that says none", {}, None),
        ("one zone", {"class/thermal/thermal_zone0/temp": "48312\n"}, 48.312),
        (
            "the hottest of all",
            {
                "class/thermal/thermal_zone0/temp": "41000",
                "class/hwmon/hwmon1/temp1_input": "67500",
                "class/hwmon/hwmon1/temp1_max": "99000",
            },
            67.5,
        ),
        ("frost", {"class/thermal/thermal_zone0/temp": "-12000"}, -12.0),
        ("a sensor that is asleep", {"class/thermal/thermal_zone0/temp": ""}, None),
        (
            "nonsense beside a good one",
            {
                "class/thermal/thermal_zone0/temp": "-274000",
                "class/thermal/thermal_zone1/temp": "30000",
            },
            30.0,
        ),
    ],
)
def test_the_hottest_sensor_that_can_be_read(tmp_path, story, sensors, hottest):
    for name, text in sensors.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert hottest_c(tmp_path) == hottest
