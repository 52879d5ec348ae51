"""The pages of panels. No address holds a name or an identifier of a child."""

from django.urls import URLPattern, path

from panels.views import (
    agenda,
    bookings,
    chair,
    chair_forms,
    conflict,
    delegation,
    item,
    member,
    mine,
    notes,
    panels,
    papers,
    presence,
    refer,
    sittings,
)

_CHAIR = "sittings/<int:pk>/chair/"
_ITEM = "mine/<int:pk>/items/<int:item>/"

urlpatterns: list[URLPattern] = [
    path("", panels.home, name="panels_home"),
    path("mine/", mine.mine, name="panels_mine"),
    path("mine/<int:pk>/answer/", mine.answer, name="panels_answer"),
    path("mine/<int:pk>/", agenda.agenda, name="panels_agenda"),
    path(_ITEM, member.item, name="panels_agenda_item"),
    path(f"{_ITEM}papers/<int:paper>/", member.paper, name="panels_agenda_paper"),
    path(f"{_ITEM}note/", notes.note, name="panels_agenda_note"),
    path(f"{_ITEM}interest/", conflict.declare, name="panels_agenda_interest"),
    path("define/", panels.define, name="panels_define"),
    path("<int:panel>/", panels.panel, name="panels_panel"),
    path("<int:panel>/close/", panels.close, name="panels_close"),
    path("<int:panel>/terms/", panels.terms, name="panels_terms"),
    path("<int:panel>/terms/<int:number>/", panels.version, name="panels_version"),
    path("<int:panel>/members/add/", panels.seat, name="panels_seat"),
    path("<int:panel>/members/<int:member>/end/", panels.end_seat, name="panels_end_seat"),
    path("<int:panel>/schedule/", sittings.schedule, name="panels_schedule"),
    path("<int:panel>/arrange/", sittings.arrange, name="panels_arrange"),
    path("sittings/<int:pk>/", sittings.sitting, name="panels_sitting"),
    path("sittings/<int:pk>/papers/", papers.papers, name="panels_papers"),
    path("sittings/<int:pk>/papers/compare/", papers.compare, name="panels_compare"),
    path("sittings/<int:pk>/change/", sittings.change, name="panels_change"),
    path("sittings/<int:pk>/cancel/", sittings.cancel, name="panels_cancel"),
    path("sittings/<int:pk>/book/", bookings.book, name="panels_book"),
    path("sittings/<int:pk>/turn/<slug:seat>/", bookings.turn, name="panels_turn"),
    path(
        "sittings/<int:pk>/bookings/<int:booking>/release/",
        bookings.release,
        name="panels_release",
    ),
    path("cases/<str:reference>/refer/", refer.refer_case, name="panels_refer"),
    path("items/<int:pk>/papers/", item.item, name="panels_item"),
    path("items/<int:pk>/papers/<int:paper>/", item.read, name="panels_item_paper"),
    path("items/<int:pk>/papers/<int:paper>/clear/", item.clear, name="panels_clear_paper"),
    path("items/<int:pk>/papers/<int:paper>/recall/", item.recall, name="panels_recall"),
    path("delegation/", delegation.scheme, name="panels_delegation"),
    path("delegation/<int:authority>/add/", delegation.add, name="panels_delegate"),
    path("delegation/entries/<int:pk>/end/", delegation.end, name="panels_end_delegation"),
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
