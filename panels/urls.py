"""The pages of panels. No address holds a name or an identifier of a child."""

from django.urls import URLPattern, path

from panels.views import chair, chair_forms, presence

_CHAIR = "sittings/<int:pk>/chair/"

urlpatterns: list[URLPattern] = [
    path(_CHAIR, chair.chair, name="panels_chair"),
    path(f"{_CHAIR}open/", presence.open_now, name="panels_chair_open"),
    path(f"{_CHAIR}end/", presence.end_now, name="panels_chair_end"),
    path(f"{_CHAIR}room/", presence.room, name="panels_chair_room"),
    path(f"{_CHAIR}now/", presence.now, name="panels_chair_now"),
    path(f"{_CHAIR}<int:item>/", chair.chair_item, name="panels_chair_item"),
    path(f"{_CHAIR}<int:item>/draft/", presence.draft, name="panels_chair_draft"),
    *(
        path(
            f"{_CHAIR}<int:item>/{deed}/",
            chair_forms.deed,
            {"deed": deed},
            name=f"panels_chair_{deed.replace('-', '_')}",
        )
        for deed in chair_forms.DEEDS
    ),
]
